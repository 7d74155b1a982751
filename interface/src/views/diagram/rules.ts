// A decision's rule as sentences of a table: what is seen, and how likely each action is then.
import type { NodeForecast, Rule } from "../../lib/answers";
import { percent } from "../../lib/format";

export interface Context {
  /** What is seen and is not settled by the record: "The envoy's terms: promises; …". */
  seen: string;
  /** The whole context, settled parts included. */
  whole: string;
  probabilities: number[];
  /** How likely the context is, were all that is seen independent: an order, not a forecast. */
  weight: number;
}

const SETTLED = 0.9995;

/** Every context of a rule, the likeliest first, and what the record settles in all of them. */
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

/** Contexts that the record leaves possible. */
export const possible = (rows: Context[]): Context[] => rows.filter((row) => row.weight > 1e-4);

/** "none 54%, some 27%". */
export function inWords(actions: string[], probabilities: number[]): string {
  return actions.map((action, i) => `${action} ${percent(probabilities[i] ?? 0)}`).join(", ");
}
