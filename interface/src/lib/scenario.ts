// Which scenario of the case the sliders belong to.
import type { Answers, CaseScenarioView } from "./answers";
import type { Shifts } from "./messages";

/** Scores that differ by less are the same position of a slider. */
const SAME = 1e-6;

/** The sliders of a scenario, as scores. */
export const slidersOf = (scenario: CaseScenarioView): Shifts => Object.fromEntries(scenario.sliders.map((one) => [one.parameter, one.score]));

/** The title of the scenario whose sliders these are; empty where none has just these, or where it changes more than sliders. */
export function scenarioOf(answers: Answers, shifts: Shifts): string {
  const names = Object.keys(shifts);
  if (names.length === 0) return "";
  const found = answers.scenarios?.scenarios.find(
    (one) => !one.changes && one.sliders.length === names.length && one.sliders.every(({ parameter, score }) => Math.abs((shifts[parameter] ?? Infinity) - score) < SAME),
  );
  return found?.title ?? "";
}
