// An answers document whose sliders can be moved: two assumptions, one outcome, one intervention.
import type { Answers, Assumption, EffectView } from "../lib/answers";
import { DRAWS } from "./closed_form";
import { forecast, sample, value } from "./sample";

export function assumption(parameter: string, more: Partial<Assumption> = {}): Assumption {
  return {
    parameter, label: parameter, unit: "", kind: "parameter", prior: {}, median: 10, low: 6.7, high: 13.3, mean_given_record: 10, low_given_record: 6.7, high_given_record: 13.3,
    reasons: [], independent_sources: 0, weakness: "", ...more,
  };
}

export function effect(parameter: string, more: Partial<EffectView> = {}): EffectView {
  return {
    parameter, label: parameter, unit: "", share: 0.5, share_range: [0.4, 0.6], delta: 0.2, delta_range: [0.1, 0.3], shapley: null, shapley_range: null, shape: "increasing",
    stands_out: true, by_chance: 0, median: 10, chance_low: 0.34, chance_high: 0.66, steps: [], curve: { at: [], chance: [], low: [], high: [] }, solved_curve: null, ...more,
  };
}

const FACTS = { shows: "What is shown", rests_on: "4,096 draws", would_change: "other priors" };
const change = (name: string, sign: number) => ({ value: name, label: name, before: 0.5, after: 0.5 + sign * 0.05, difference: sign * 0.05, low: sign * 0.05, high: sign * 0.05 });

export function movable(more: Partial<Answers> = {}): Answers {
  return {
    ...sample({
      forecasts: [forecast("outcome", [value("yes", 0.5), value("no", 0.5)], { title: "The outcome" })],
      what_ifs: [
        {
          name: "push", title: "Somebody pushes", who_knows: "known to everyone when it happens", record: "both sides know the whole record", record_before: null, left_out: 0, fans: [],
          outcomes: [{ node: "outcome", title: "The outcome", values: [change("yes", 1), change("no", -1)] }],
        },
      ],
      assumptions: [
        assumption("height", { label: "height of the bar", unit: "metres", weakness: "judgement alone", reasons: [{ source: "", at: "", says: "", judgement: "a desk estimate" }] }),
        assumption("other", { label: "something else", reasons: [{ source: "inquiry", at: "p. 3", says: "it was so", judgement: "" }], median: 1, low: 0.2, high: 5.2 }),
      ],
      draws: DRAWS,
      what_it_would_take: null,
      ...more,
    }),
    certificate: { draws: 4096, effective_draws: 4096, left_out: 0, line: "4,096 draws" },
    sensitivity: {
      node: "outcome", title: "The outcome", value: "yes", label: "yes", forecast: 0.5, draws: 4096, effective_draws: 4096, silent: "", noise_share: 0.01, noise_delta: 0.01,
      effects: [effect("height", { label: "height of the bar" }), effect("other", { label: "something else", share: 0.001, stands_out: false, chance_low: 0.5, chance_high: 0.5 })],
      shapley_says: "", together: [], solved_tipping: null, scenario: null, information: null, facts: FACTS, tipping_facts: FACTS, sentences: ["Height decides."],
      tipping: [{ parameter: "height", label: "height of the bar", unit: "metres", at: 9.5, above: false, before: "yes", before_label: "yes", after: "no", after_label: "no", low: 9, high: 9.8, found_in: 1, median: 10, stands_out: true, solved: false }],
    },
    ...more,
  } as unknown as Answers;
}
