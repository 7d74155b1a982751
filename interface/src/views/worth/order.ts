// An order of outcomes: ranks from best to worst, each with one outcome or several that are equally good.
import type { Value } from "../../lib/content";
import { NOT_APPLICABLE, type WrittenNode } from "../../lib/entries";

/** A value for each of the ranked nodes; `ELSE` stands for all that no rank names. */
export type Outcome = Value[];
export type Card = string;
export interface Order {
  of: string[];
  ranks: Card[][];
  spacing: "even" | "uncertain";
  scale: Value;
}
export type Side = "before" | "with" | "after";

export const ELSE: Card = "else";
/** Outcomes that can be arranged by hand. */
export const MOST_OUTCOMES = 60;
/** Outcomes that are looked at, impossible ones included. */
const MOST_COMBINATIONS = 2_000;
const PART = "\u001f";

export const cardOf = (outcome: Outcome): Card => outcome.map(String).join(PART);

/** Every combination of the values of some nodes, by its card; null where there are none, or too many to arrange by hand. */
export function outcomesOf(nodes: readonly WrittenNode[]): Map<Card, Outcome> | null {
  let all: Outcome[] = nodes.length ? [[]] : [];
  for (const { domain, when } of nodes) {
    const values = when ? [...domain, NOT_APPLICABLE] : domain;
    all = all.flatMap((outcome) => values.map((value) => [...outcome, value]));
    if (all.length === 0 || all.length > MOST_COMBINATIONS) return null;
  }
  const outcomes = new Map(all.map((outcome) => [cardOf(outcome), outcome]));
  return nodes.length && possibleOf(nodes, outcomes).length <= MOST_OUTCOMES ? outcomes : null;
}

/** The combinations that can come about, as far as the nodes' own conditions say it of each other. */
export function possibleOf(nodes: readonly WrittenNode[], outcomes: ReadonlyMap<Card, Outcome>): Card[] {
  const conditions = nodes.map(({ when }) => {
    const match = /^\s*(\w+)\s*(==|!=)\s*(?:'([^']*)'|(-?[\d.]+))\s*$/.exec(when);
    const parent = match ? nodes.findIndex(({ name }) => name === match[1]) : -1;
    return match && parent >= 0 ? { parent, isEqual: match[2] === "==", value: match[3] ?? match[4]! } : null;
  });
  return [...outcomes].filter(([, outcome]) => conditions.every((condition, i) => {
    if (!condition) return true;
    const parent = String(outcome[condition.parent]);
    // Every comparison with a node that does not arise is false.
    const holds = parent !== NOT_APPLICABLE && (parent === condition.value) === condition.isEqual;
    return (outcome[i] !== NOT_APPLICABLE) === holds;
  })).map(([card]) => card);
}

/** The ranks to begin with: each possible outcome in one of its own, and what cannot come about last. */
export function firstRanks(nodes: readonly WrittenNode[], outcomes: ReadonlyMap<Card, Outcome>): Card[][] {
  const possible = possibleOf(nodes, outcomes);
  return [...possible.map((card) => [card]), ...(possible.length < outcomes.size ? [[ELSE]] : [])];
}

/** Whether a worth of the file is an order. */
export function isOrder(worth: unknown): worth is { of: unknown; ranks: unknown[] } {
  return typeof worth === "object" && worth !== null && Array.isArray((worth as { ranks?: unknown }).ranks);
}

/** Read an order of the file; null where it is one that only its text can show. */
export function readOrder(worth: unknown, nodes: readonly WrittenNode[]): Order | null {
  if (!isOrder(worth)) return null;
  const of = (Array.isArray(worth.of) ? worth.of : [worth.of]).map(String);
  const ranked = of.map((name) => nodes.find((node) => node.name === name));
  const outcomes = ranked.every((node) => node !== undefined) ? outcomesOf(ranked as WrittenNode[]) : null;
  if (!outcomes) return null;
  const { spacing, scale } = worth as { spacing?: unknown; scale?: unknown };
  const ranks = worth.ranks.map((entry) => cardsIn(entry, of.length));
  const named = ranks.flat();
  const isKnown = named.every((card) => card === ELSE || outcomes.has(card)) && new Set(named).size === named.length;
  if (!isKnown) return null;
  const isWhole = typeof scale === "number" || typeof scale === "string";
  return { of, ranks, spacing: spacing === "uncertain" ? "uncertain" : "even", scale: isWhole ? scale : 1 };
}

function cardsIn(entry: unknown, size: number): Card[] {
  if (Array.isArray(entry)) return [cardOf(entry.map(String))];
  return String(entry).split("=").map((part) => (size === 1 ? part.trim() : part.trim() === ELSE ? ELSE : cardOf(part.split(",").map((value) => value.trim()))));
}

/** The order as the file writes it; null where a value has a sign that the file reads otherwise. */
export function writeOrder(order: Order, outcomes: ReadonlyMap<Card, Outcome>): Record<string, unknown> | null {
  const values = (card: Card): Outcome => (card === ELSE ? [ELSE] : outcomes.get(card)!);
  const isClear = order.ranks.every((rank) => rank.length === 1 || rank.flatMap(values).every((value) => !/[,=]/.test(String(value))));
  if (!isClear) return null;
  const ranks = order.ranks.map((rank) => {
    const [first, ...rest] = rank.map(values);
    if (rest.length === 0) return first!.length === 1 && !/[,=]/.test(String(first![0])) ? first![0]! : first!;
    return [first!, ...rest].map((outcome) => outcome.join(", ")).join(" = ");
  });
  const { of, spacing, scale } = order;
  return { of: of.length === 1 ? of[0] : of, ranks, ...(spacing === "uncertain" ? { spacing } : {}), ...(scale === 1 ? {} : { scale }) };
}

/** Put a card before or after a rank, or into it. */
export function place(ranks: readonly Card[][], card: Card, rank: number, side: Side): Card[][] {
  const target = ranks[rank];
  if (!target || (target.length === 1 && target[0] === card)) return ranks.map((row) => [...row]);
  const left = ranks.map((row) => row.filter((other) => other !== card));
  if (side === "with") left[rank]!.push(card);
  else left.splice(side === "before" ? rank : rank + 1, 0, [card]);
  return left.filter((row) => row.length > 0);
}

/** Move a card one step: out of a rank that it shares, or past the next rank. */
export function step(ranks: readonly Card[][], card: Card, up: boolean): Card[][] {
  const rank = ranks.findIndex((row) => row.includes(card));
  const isShared = (ranks[rank]?.length ?? 0) > 1;
  const to = isShared ? rank : up ? rank - 1 : rank + 1;
  return place(ranks, card, to, up ? "before" : "after");
}

/** Join a card with the rank above it, as equally good. */
export function join(ranks: readonly Card[][], card: Card): Card[][] {
  const rank = ranks.findIndex((row) => row.includes(card));
  return rank > 0 ? place(ranks, card, rank - 1, "with") : ranks.map((row) => [...row]);
}
