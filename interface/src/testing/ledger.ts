// For tests: a ledger with two forecasts, one of them resolved.
import type { LedgerView, Track } from "../lib/messages";

export function track(more: Partial<Track> = {}): Track {
  const point = (run: number, as_of: string, talk: number) => ({ run, as_of, probabilities: [talk, 1 - talk], lows: [talk - 0.1, 0.9 - talk], highs: [talk + 0.1, 1.1 - talk] });
  return { node: "parley", title: "The parley", due: "2031-05-01", resolves: "envoys meet", values: ["talk", "wait"], points: [point(1, "2031-03-01", 0.4), point(2, "2031-04-02", 0.7)], outcome: null, ...more };
}

export function ledger(more: Partial<LedgerView> = {}): LedgerView {
  const run = { run: 2, logged_at: "2031-04-02T09:00:00+00:00", as_of: "2031-04-02", by: "desk", forecasts: 1, draws: 1024, seed: 0, version: "1", case_hash: "abcdef0123", withdrawn: "" };
  return {
    path: "team.ledger", exists: true, case_name: "talks", runs: [run], runs_in_all: 1, tracks: [track()], is_for_all: false, hindcasts: false, scores: [], calibration: [], comparisons: [], weight: "",
    not_counted: ["2 not resolved yet"], caption: "", ...more,
  };
}
