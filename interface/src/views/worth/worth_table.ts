// A worth as a table of outcomes: a number, or an expression, for each.
import type { Value } from "../../lib/content";
import type { WrittenNode } from "../../lib/entries";
import { cardOf, outcomesOf, type Card, type Outcome } from "./order";

export interface WorthTable {
  of: string[];
  /** By outcome, what is typed; empty where nothing is yet. */
  cells: Record<Card, string>;
}

const isTable = (worth: unknown): worth is Record<string, unknown> & { table: unknown } => typeof worth === "object" && worth !== null && "table" in worth;

/** Read a table of the file; null where it is one that only its text can show. */
export function readTable(worth: unknown, nodes: readonly WrittenNode[]): WorthTable | null {
  if (!isTable(worth)) return null;
  const of = (Array.isArray(worth.table) ? worth.table : [worth.table]).map(String);
  const parents = of.map((name) => nodes.find((node) => node.name === name));
  const outcomes = parents.every((node) => node !== undefined) ? outcomesOf(parents as WrittenNode[]) : null;
  if (!outcomes) return null;
  const { table: _, else: rest, ...written } = worth;
  const given = new Map(Object.entries(written).map(([key, value]) => [cardOf(of.length === 1 ? [key] : key.split(",").map((part) => part.trim())), value]));
  const isPlain = [...given].every(([card, value]) => outcomes.has(card) && isCell(value)) && (rest === undefined || isCell(rest));
  if (!isPlain) return null;
  return { of, cells: Object.fromEntries([...outcomes.keys()].map((card) => [card, String(given.get(card) ?? rest ?? "")])) };
}

const isCell = (value: unknown): value is Value => typeof value === "string" || typeof value === "number";

/**
 * The table as the file writes it; null while a cell of a possible outcome is empty.
 *
 * Outcomes that cannot come about are worth nothing, unless the table has a worth for them.
 */
export function writeTable(table: WorthTable, outcomes: ReadonlyMap<Card, Outcome>, possible: readonly Card[]): Record<string, unknown> | null {
  const { of, cells } = table;
  if (possible.some((card) => !cells[card]?.trim())) return null;
  const written = [...outcomes].filter(([card]) => cells[card]?.trim());
  const entries = written.map(([card, outcome]) => [outcome.join(", "), cells[card]!.trim()] as const);
  const rest = written.length < outcomes.size ? { else: 0 } : {};
  return { table: of.length === 1 ? of[0] : of, ...Object.fromEntries(entries.map(([key, typed]) => [key, Number.isNaN(Number(typed)) ? typed : Number(typed)])), ...rest };
}
