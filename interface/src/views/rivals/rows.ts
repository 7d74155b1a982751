// Rows of the table of structures, and their numbers as the terminal and the static page write them.
import type { RivalsView, RivalView } from "../../lib/answers";

/** The case, a rival, or all structures together. */
export interface Row {
  title: string;
  /** The case or a rival; all structures together have no marginal likelihood of their own. */
  structure: RivalView | null;
  /** The same, where it is not the case: a Bayes factor against itself has no range. */
  rival: RivalView | null;
  /** P(value), in the order of the outcome's values. */
  chances: number[];
}

/** A row for each structure, the case first, then the forecast over all of them by their weights. */
export function rowsOf(view: RivalsView): Row[] {
  const rows: Row[] = view.structures.map((one) => ({ title: one.title, structure: one, rival: one.kind === "case" ? null : one, chances: one.values.map(({ probability }) => probability) }));
  const chances = view.over_structures.map(({ probability }) => probability);
  return chances.length ? [...rows, { title: "all structures, weighted", structure: null, rival: null, chances }] : rows;
}

/** A Bayes factor in two or three digits: 1/24, 3.3, 1,234. */
export function factor(number: number): string {
  if (number <= 0) return "0";
  if (number < 0.1) return `1/${Math.round(1 / number).toLocaleString("en")}`;
  return number < 100 ? number.toFixed(1) : Math.round(number).toLocaleString("en");
}

/** The Bayes factor two standard errors below and above. */
export function factorRange(one: RivalView): string {
  return `${factor(one.bayes_range[0])} to ${factor(one.bayes_range[1])}`;
}

/** The logarithm of a marginal likelihood, without its error. */
export function marginal(one: RivalView): string {
  return one.log_marginal.toFixed(2).replace("-", "−");
}
