// The matrix of scenarios and outcomes: what each cell says, against the case as it is or against another scenario.
import type { CaseScenarioView, ScenariosView } from "../../lib/answers";

export interface Cell {
  scenario: CaseScenarioView;
  /** What the scenario is compared with: the case, or another scenario. */
  before: number;
  probability: number;
  difference: number;
  low: number;
  high: number;
}

export interface Row {
  node: string;
  outcome: string;
  value: string;
  /** In the case, or in the scenario that the others are compared with. */
  before: number;
  cells: Cell[];
  /** The largest difference of the row, whichever its sign. */
  most: number;
}

/** The case as it is, as what scenarios are compared with. */
export const AS_IT_IS = "";

/** The scenarios that others can be compared with: those for which every pair was worked out. */
export function references(view: ScenariosView): CaseScenarioView[] {
  return view.pairs.length ? view.scenarios : [];
}

/** The scenario whose `before` stands for all of them: one that is compared with the case as it is, if any is. */
export function comparedWith(view: ScenariosView): CaseScenarioView | undefined {
  return view.scenarios.find((one) => (one.before_label ?? "as it is") === "as it is") ?? view.scenarios[0];
}

/** All rows, in the order of the outcomes. `than`: the name of the scenario that the others are compared with. */
export function rowsOf(view: ScenariosView, than: string): Row[] {
  const reference = view.scenarios.find((one) => one.name === than);
  const compared = view.scenarios.filter((one) => one !== reference);
  const outcomes = comparedWith(view)?.outcomes ?? [];
  return outcomes.flatMap((outcome, k) =>
    outcome.values.map((value, i) => {
      const cells = compared.map((scenario): Cell => {
        const own = scenario.outcomes[k]!.values[i]!;
        const gap = reference ? gapOf(view, scenario.name, reference.name, k, i) : own;
        const before = reference ? reference.outcomes[k]!.values[i]!.probability : own.before;
        return { scenario, before, probability: own.probability, difference: gap.difference, low: gap.low, high: gap.high };
      });
      const before = reference ? reference.outcomes[k]!.values[i]!.probability : value.before;
      return { node: outcome.node, outcome: outcome.title, value: value.label, before, cells, most: Math.max(0, ...cells.map((one) => Math.abs(one.difference))) };
    }),
  );
}

/** One scenario less another: the pair is in the document once, in one of its two directions. */
function gapOf(view: ScenariosView, scenario: string, than: string, outcome: number, value: number): { difference: number; low: number; high: number } {
  const pair = view.pairs.find((one) => one.scenario === scenario && one.than === than);
  if (pair) return pair.outcomes[outcome]!.values[value]!;
  const other = view.pairs.find((one) => one.scenario === than && one.than === scenario)!.outcomes[outcome]!.values[value]!;
  return { difference: 0 - other.difference, low: 0 - other.high, high: 0 - other.low };
}
