// A decision's rule as rows of a table: each context, and how likely each action is in it.
import type { NodeForecast, Rule } from "../../lib/answers";
import { percent } from "../../lib/format";

export interface Context {
  /** The observed values that the record does not settle: "The envoy's terms: promises; …". */
  seen: string;
  /** The whole context, including the parts that the record settles. */
  whole: string;
  probabilities: number[];
  /** How likely the context would be if the observed nodes were independent. It only ranks contexts; it is no forecast. */
  weight: number;
}

const SETTLED = 0.9995;

/** Every context of a rule, the most likely first, and what the record settles in all of them. */
export function contexts(rule: Rule, forecast: (node: string) => NodeForecast | undefined): { rows: Context[]; settled: string } {
  const seen = rule.sees.map((node) => ({ node, found: forecast(node) }));
  const name = (i: number, value: string | number) => {
    const { node, found } = seen[i]!;
    const label = found?.values.find((one) => String(one.value) === String(value))?.label ?? String(value);
    return `${found?.title ?? node}: ${label}`;
  };
  const certain = seen.map(({ found }) => found?.values.some((one) => one.probability >= SETTLED) ?? false);
  const likely = (i: number, value: string | number) => seen[i]!.found?.values.find((one) => String(one.value) === String(value))?.probability ?? 1;
  const rows = rule.contexts.map((context, row) => {
    const parts = context.map((value, i) => name(i, value));
    return {
      seen: parts.filter((_, i) => !certain[i]).join("; "),
      whole: parts.join("; "),
      probabilities: rule.probabilities[row] ?? [],
      weight: context.reduce<number>((product, value, i) => product * likely(i, value), 1),
    };
  });
  rows.sort((a, b) => b.weight - a.weight);
  const settled = seen.flatMap(({ found }, i) => {
    const value = certain[i] ? found?.values.find((one) => one.probability >= SETTLED) : undefined;
    return value ? [name(i, value.value)] : [];
  });
  return { rows, settled: settled.join("; ") };
}

/** The contexts that the record does not rule out. */
export const possible = (rows: Context[]): Context[] => rows.filter((row) => row.weight > 1e-4);

/** "none 54%, some 27%". */
export function inWords(actions: string[], probabilities: number[]): string {
  return actions.map((action, i) => `${action} ${percent(probabilities[i] ?? 0)}`).join(", ");
}
