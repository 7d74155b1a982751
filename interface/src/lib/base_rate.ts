// Where the base rate of a node stands in the case file, and with which weight.
import type { Path } from "./entries";

export interface WrittenRate {
  /** Its node as it is written: a name, one round of it (`release@3`) or several (`release`, `release@2..4`). */
  node: string;
  /** Where its weight stands, or would stand. */
  path: Path;
  /** Weight of the case against it; null where what is written is no number. */
  weight: number | null;
}

/** The weight of an entry that gives none, in a case that gives none either. */
const EVEN_WEIGHT = 0.5;
const ROUND_SIGN = "@";

/** The base rate that counts for a node, by what the entries say; null where the file has none. */
export function writtenRate(content: Record<string, unknown>, node: string): WrittenRate | null {
  const entries: unknown = content["base_rates"];
  if (!Array.isArray(entries)) return null;
  const index = entries.findIndex((entry: unknown) => isAbout(text(entry, "node"), node));
  if (index < 0) return null;
  const weight: unknown = (entries[index] as Record<string, unknown>)["weight"] ?? content["base_rate_weight"] ?? EVEN_WEIGHT;
  return { node: text(entries[index], "node"), path: ["base_rates", index, "weight"], weight: typeof weight === "number" ? weight : null };
}

function text(entry: unknown, key: string): string {
  const value = typeof entry === "object" && entry !== null ? (entry as Record<string, unknown>)[key] : undefined;
  return typeof value === "string" ? value : "";
}

/** Whether what is written means a node: its name, all rounds of it, or a range of rounds that holds it. */
function isAbout(written: string, node: string): boolean {
  if (written === node) return true;
  const [base = "", rounds = ""] = written.split(ROUND_SIGN);
  const [name, round = ""] = node.split(ROUND_SIGN);
  if (base !== name || round === "") return false;
  const range = /^(\d+)\.\.(\d*)$/.exec(rounds);
  return rounds === "" || (range !== null && Number(range[1]) <= Number(round) && Number(round) <= Number(range[2] || Infinity));
}
