// Forecasts in the order in which they come true, and the marks that a bar of one is drawn with.
import type { Answers, NodeForecast, ValueForecast } from "./answers";
import { percent } from "./format";

export interface Grouped {
  /** Ahead: what is dated after the day up to which the case knows, the next first. */
  open: NodeForecast[];
  /** Behind or without a date, and not recorded: hidden, or nobody has looked. */
  unseen: NodeForecast[];
  recorded: NodeForecast[];
  /** Nodes of a block of rounds, by the block's name for them. */
  repeated: Map<string, NodeForecast[]>;
}

/** Sort the forecasts into what is ahead, what was never seen, what is recorded, and what repeats. */
export function grouped(answers: Answers, forecasts: NodeForecast[]): Grouped {
  const fanOf = new Map((answers.rounds ?? []).flatMap((fan) => fan.points.map((point) => [point.node, fan.node] as const)));
  const found: Grouped = { open: [], unseen: [], recorded: [], repeated: new Map() };
  for (const one of forecasts) {
    const fan = fanOf.get(one.node);
    if (fan !== undefined) found.repeated.set(fan, [...(found.repeated.get(fan) ?? []), one]);
    else if (one.observed) found.recorded.push(one);
    else if (one.date !== null && one.date > answers.case.as_of) found.open.push(one);
    else found.unseen.push(one);
  }
  for (const list of [found.open, found.unseen, found.recorded]) list.sort(byDate);
  return found;
}

const byDate = (a: NodeForecast, b: NodeForecast) => (a.date ?? "").localeCompare(b.date ?? "");

/** The value with the largest probability; the first of equals. */
export function likeliest(forecast: NodeForecast): ValueForecast | undefined {
  return forecast.values.reduce<ValueForecast | undefined>((best, one) => (best && best.probability >= one.probability ? best : one), undefined);
}

/** Where a stretch of the axis from 0 to 1 begins and how wide it is, in per cent; nothing of it lies outside. */
export function stretch(from: number, to: number): { left: number; width: number } {
  const low = at(Math.min(from, to));
  return { left: low, width: at(Math.max(from, to)) - low };
}

/** A point of the axis from 0 to 1, in per cent. */
export function at(share: number): number {
  return Number.isFinite(share) ? Math.min(Math.max(share, 0), 1) * 100 : 0;
}

/** 20–75%; one number where both ends read alike; <1% to 75% where an end is a limit. */
export function span(low: number, high: number): string {
  const [from, to] = [percent(low), percent(high)];
  if (from !== to && /[<>]/.test(from + to)) return `${from} to ${to}`;
  return from === to ? from : `${from.replace("%", "")}–${to}`;
}

/** Many values (a number on a grid) are folded: those under half a per cent before and after the record. */
export function folded(forecast: NodeForecast): { shown: ValueForecast[]; rest: ValueForecast[] } {
  if (forecast.values.length <= 6) return { shown: forecast.values, rest: [] };
  const small = (one: ValueForecast) => one.probability < 0.005 && one.prior < 0.005 && one.high < 0.02;
  return { shown: forecast.values.filter((one) => !small(one)), rest: forecast.values.filter(small) };
}

/** How far a number can move if the draws left out are counted as 0 or as 1; null where none were. */
export function leftOut(value: ValueForecast): [number, number] | null {
  const [low, high] = value.bounds;
  return high - low >= 0.005 ? [low, high] : null;
}

/** By what test an outcome will be known: one line, or a line a value. */
export function tests(forecast: Pick<NodeForecast, "resolves">): { value: string; test: string }[] {
  if (!forecast.resolves) return [];
  if (typeof forecast.resolves === "string") return [{ value: "", test: forecast.resolves }];
  return Object.entries(forecast.resolves).map(([value, test]) => ({ value, test }));
}
