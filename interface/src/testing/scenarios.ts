// For tests: two scenarios over one outcome.
import type { CaseScenarioView, ScenariosView } from "../lib/answers";

function scenario(name: string, yes: number, more: Partial<CaseScenarioView> = {}): CaseScenarioView {
  const value = (label: string, before: number, probability: number) => ({ value: label, label, before, probability, probability_independent: null, word: "likely", difference: probability - before, low: probability - before - 0.1, high: probability - before + 0.1 });
  return {
    name, title: name, about: "", sliders: [], changes: "", who_knows: "", record: "", says: [], most_changed: ["reply"], effective_draws: 60, left_out: 0,
    outcomes: [{ node: "reply", title: "Reply", date: null, distance: Math.abs(yes - 0.5), values: [value("yes", 0.5, yes), value("no", 0.5, 1 - yes)] }], ...more,
  };
}

export function scenarios(): ScenariosView {
  const slider = { parameter: "height", label: "height of the bar", unit: "metres", score: 1.5, median: 12, low: 11, high: 13, median_as_written: 10 };
  const pair = (difference: number) => ({ value: "yes", difference, low: difference - 0.05, high: difference + 0.02 });
  return {
    scenarios: [scenario("warm", 0.8, { title: "a warm winter", sliders: [slider] }), scenario("cold", 0.502, { title: "a cold winter", changes: "“Reply: yes” holds", who_knows: "everyone knows" })],
    pairs: [{ scenario: "cold", than: "warm", outcomes: [{ node: "reply", values: [pair(-0.295), pair(0.295)] }] }],
    facts: { shows: "Chances.", rests_on: "64 draws", would_change: "other priors" },
  };
}
