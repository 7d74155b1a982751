// An order of outcomes: ranks from best to worst, each with one outcome or several that are equally good.
import type { Scalar, WrittenNode } from "../../lib/content";

/** A value for each of the ranked nodes; `ELSE` stands for all that no rank names. */
export type Outcome = Scalar[];
export type Card = string;
export interface Order {
  of: string[];
  ranks: Card[][];
  spacing: "even" | "uncertain";
  scale: Scalar;
}
export type Side = "before" | "with" | "after";

export const ELSE: Card = "else";
export const MOST_OUTCOMES = 60;
const PART = "\u001f";

export const cardOf = (outcome: Outcome): Card => outcome.map(String).join(PART);

/** Every combination of the values of some nodes, by its card; null where there are none, or too many to arrange by hand. */
export function outcomesOf(nodes: readonly WrittenNode[]): Map<Card, Outcome> | null {
  let all: Outcome[] = nodes.length ? [[]] : [];
  for (const { domain } of nodes) {
    all = all.flatMap((outcome) => domain.map((value) => [...outcome, value]));
    if (all.length === 0 || all.length > MOST_OUTCOMES) return null;
  }
  return all.length ? new Map(all.map((outcome) => [cardOf(outcome), outcome])) : null;
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
