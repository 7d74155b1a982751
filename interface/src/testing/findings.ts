// Small explanations, claims, deals and surprises for tests; each test overrides the fields that it checks.
import type { CausePart, ClaimFinding, DealPackage, DealView, Reading, SurpriseView, Why } from "../lib/answers";

export function reading(mean: number, more: Partial<Reading> = {}): Reading {
  return { mean, low: mean - 0.02, high: mean + 0.02, error: 0.001, independent: mean, independent_low: mean, independent_high: mean, ...more };
}

export function cause(name: string, share: number, more: Partial<CausePart> = {}): CausePart {
  return { cause: name, title: `${name} had not been`, share: reading(share), necessity: reading(0.3), sufficiency: reading(0.8), bounds: null, ...more };
}

export function why(causes: CausePart[], more: Partial<Why> = {}): Why {
  return {
    name: "blame", asks: "Why did they fight?", node: "reply", title: "Reply", value: "fight", label: "fight", total: reading(0.4), causes, apart: [],
    draws: 64, worlds: 32, sets: 4, exact: true, effective_draws: 60, left_out: 0, sentences: ["It would not have happened with 40%."],
    caption: { shows: "shares", rests_on: "64 draws", would_change: "another list of causes" }, ...more,
  };
}

export function claim(id: string, verdict: string, more: Partial<ClaimFinding> = {}): ClaimFinding {
  return {
    id, says: `claim ${id}`, source: "inquiry", at: "p. 20", test: "P(demand == 10, undo='misread') > P(demand == 10) + 0.05", verdict,
    support: 0.8, prior_support: 0.7, left: 0.45, right: 0.3, difference: 0.15, low: 0.02, high: 0.3, margin: 0.05,
    hinges_on: { parameter: "war_cost", label: "price of fighting", share: 0.4, direction: -1 }, record_before: null, ...more,
  };
}

const spread = (mean: number) => ({ mean, low: mean - 0.1, high: mean + 0.1, gains_in: mean > 0 ? 0.7 : 0.3 });

export function pack(number: number, gains: Record<string, number>, more: Partial<DealPackage> = {}): DealPackage {
  const made: DealPackage = {
    number, label: `Tolls: package ${number}`, choices: [`choice ${number}`], terms: { demand: 10 }, amounts: {},
    gains: Object.entries(gains).map(([player, mean]) => ({ player, title: player.toUpperCase(), is_party: true, on_paper: spread(mean), as_kept: spread(mean / 2), expects: null })),
    steps: [{ step: 1, node: "demand", title: "Tolls", player: "aria", player_title: "Aria", value: 10, label: "10", date: "2031-05-01", able: 1, chance: 0.6, low: 0.4, high: 0.8, best_reply: 0.7 }],
    kept: 0.6, kept_low: 0.4, kept_high: 0.8, possible: 1, in_range: Object.values(gains).every((gain) => gain > 0), blocked_by: Object.keys(gains).filter((player) => gains[player]! <= 0),
    pareto: false, nash: false, kalai_smorodinsky: false, range_in: 0.5, nash_in: 0.2, kalai_smorodinsky_in: 0.2, ...more,
  };
  const marks: [string, boolean][] = [["in range", made.in_range], ["Pareto", made.pareto], ["Nash", made.nash], ["Kalai–Smorodinsky", made.kalai_smorodinsky]];
  return { ...made, marks: marks.filter(([, holds]) => holds).map(([mark]) => mark) };
}

export function deal(packages: DealPackage[], more: Partial<DealView> = {}): DealView {
  const parties = Object.fromEntries((packages[0]?.gains ?? []).map((gain) => [gain.player, gain.title]));
  return {
    name: "swap", title: "The swap", about: "", parties, date: "2031-04-02", unit: "tolls", alternatives: ["Tolls"], packages,
    range: packages.filter((one) => one.in_range).map((one) => one.number), pareto: [], nash: null, kalai_smorodinsky: null,
    closest: 1, chosen: packages[0]!.number, chosen_because: "it is kept most surely", empty_in: 0.2, threshold: 0.9, standard: "chance", enforcement: [],
    sentences: ["One would hold."], caption: { shows: "gains", draws: 64, effective_draws: 60, left_out: 0, would_change: [] }, ...more,
  };
}

export function surprise(more: Partial<SurpriseView> = {}): SurpriseView {
  const seen = (view: string[], node: string, gap: number) => ({
    view, node, title: node, date: null, record_before: null, gap, low: gap / 2, high: gap, bits: 0.4,
    values: [{ value: "high", label: "high", expects: 0.5 - gap, is_so: 0.5 }, { value: "low", label: "low", expects: 0.5 + gap, is_so: 0.5 }],
  });
  return {
    document: "backchannel-surprise", case: "Canal",
    viewers: [{ view: ["aria"], title: "Aria", beside: "what the forecast says" }, { view: ["aria", "borland"], title: "Aria thinks Borland", beside: "what Borland really expects" }],
    unerring: ["Borland"],
    heat: [{ node: "resolve", title: "resolve", gaps: [0.36, 0.001] }, { node: "demand", title: "demand", gaps: [null, 0.08] }],
    expectations: [seen(["aria"], "resolve", 0.36), seen(["aria", "borland"], "demand", 0.08), seen(["aria", "borland"], "resolve", 0.001)],
    receptions: [], facts: { shows: "forecasts", rests_on: "64 draws", would_change: "another belief" }, ...more,
  };
}
