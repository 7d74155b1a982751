// A chance node's odds by context, as a table that can be edited.
import { entryOf, isEntry, isValue, listOf, textOf, type CaseContent, type Entry, type Key, type Value } from "../../../lib/content";

/** What a value's weight can be: a number, an expression, an ICD 203 word or `rest`. */
export type Weight = string | number;

export interface Row {
  /** Keys from the node's entry to the weights of this context. */
  path: Key[];
  /** The context in the words of the case; empty where there is one for all. */
  context: string;
  weights: Map<string, Weight>;
}

export interface Mechanism {
  /** Which of the two keys the file uses. */
  form: "probability" | "odds";
  /** Nodes that the table is over. */
  over: string[];
  rows: Row[];
}

/** The odds of a chance node; null where they have a form that only the text can edit. */
export function mechanismOf(content: CaseContent, name: string): Mechanism | null {
  const entry = content.node(name);
  const form = entry && "odds" in entry ? "odds" : "probability";
  const written = entryOf(entry?.[form]);
  if (!("table" in written)) {
    const weights = weightsOf(written);
    return weights && { form, over: [], rows: [{ path: [form], context: "", weights }] };
  }
  const over = listOf(written["table"]).map(textOf);
  const rows: Row[] = [];
  for (const [key, cell] of Object.entries(written)) {
    if (key === "table") continue;
    const weights = isEntry(cell) && !("table" in cell) ? weightsOf(cell) : null;
    if (!weights) return null;
    rows.push({ path: [form, key], context: contextInWords(content, over, key), weights });
  }
  return { form, over, rows };
}

function weightsOf(written: Entry): Map<string, Weight> | null {
  const weights = new Map<string, Weight>();
  for (const [value, weight] of Object.entries(written)) {
    if (!isValue(weight)) return null;
    weights.set(value, weight);
  }
  return weights;
}

function contextInWords(content: CaseContent, over: string[], key: string): string {
  if (key === "else") return "otherwise";
  const values = over.length > 1 ? key.split(",").map((part) => part.trim()) : [key];
  return values.map((value, i) => (over[i] ? `${content.title(over[i])}: ${content.label(over[i], value)}` : value)).join("; ");
}

const MOST_ROWS = 64;

/** The same weights as a table over one node more, with a row for each of its values; null where that would be too many. */
export function withParent(content: CaseContent, name: string, parent: string): Entry | null {
  const mechanism = mechanismOf(content, name);
  const domain = content.domain(parent);
  if (!mechanism || mechanism.over.includes(parent) || domain.length === 0 || domain.length * mechanism.rows.length > MOST_ROWS) return null;
  const over = [...mechanism.over, parent];
  const table: Entry = { table: over.length === 1 ? parent : over };
  for (const { path, weights } of mechanism.rows) {
    const key = path[1];
    if (key === "else") table["else"] = Object.fromEntries(weights);
    else for (const value of domain) table[key === undefined ? String(value) : `${key}, ${value}`] = Object.fromEntries(weights);
  }
  return table;
}

/** The weights without a node of the table: of each context, the first row; null where the node is not in the table. */
export function withoutParent(content: CaseContent, name: string, parent: string): Entry | null {
  const mechanism = mechanismOf(content, name);
  const place = mechanism?.over.indexOf(parent) ?? -1;
  if (!mechanism || place < 0) return null;
  const over = mechanism.over.filter((other) => other !== parent);
  if (over.length === 0) return Object.fromEntries(mechanism.rows[0]?.weights ?? []);
  const table: Entry = { table: over.length === 1 ? over[0] : over };
  for (const { path, weights } of mechanism.rows) {
    const key = String(path[1]);
    const kept = key === "else" ? key : key.split(",").map((part) => part.trim()).filter((_, i) => i !== place).join(", ");
    table[kept] ??= Object.fromEntries(weights);
  }
  return table;
}

/** What was typed as a weight: a number where it is one. */
export function weightFrom(text: string): Weight {
  const typed = text.trim();
  return typed !== "" && Number.isFinite(Number(typed)) ? Number(typed) : typed;
}

/** Equal weights for all values, for a new node or a new row. */
export function evenWeights(domain: Value[]): Entry {
  return Object.fromEntries(domain.map((value) => [String(value), 1]));
}
