// Forecasts in order of date, and how the bar of a forecast is drawn.
import type { Answers, NodeForecast, ValueForecast } from "./answers";
import { HARDLY, VISIBLE } from "./messages";

export interface Grouped {
  /** Dated after the case's `as_of` day, the earliest first. */
  open: NodeForecast[];
  /** Dated before that day or without a date, and not recorded. */
  unseen: NodeForecast[];
  recorded: NodeForecast[];
  /** Nodes that repeat in rounds, by their name without the round. */
  repeated: Map<string, NodeForecast[]>;
}

/** Group the forecasts: still open, never seen, recorded, and repeated in rounds. */
export function grouped(answers: Answers, forecasts: NodeForecast[]): Grouped {
  const fanOf = new Map((answers.rounds ?? []).flatMap((fan) => fan.points.map((point) => [point.node, fan.node] as const)));
  const groups: Grouped = { open: [], unseen: [], recorded: [], repeated: new Map() };
  for (const forecast of forecasts) {
    const fan = fanOf.get(forecast.node);
    if (fan !== undefined) groups.repeated.set(fan, [...(groups.repeated.get(fan) ?? []), forecast]);
    else if (forecast.observed) groups.recorded.push(forecast);
    else if (forecast.date !== null && forecast.date > answers.case.as_of) groups.open.push(forecast);
    else groups.unseen.push(forecast);
  }
  for (const list of [groups.open, groups.unseen, groups.recorded]) list.sort(byDate);
  return groups;
}

const byDate = (a: NodeForecast, b: NodeForecast) => (a.date ?? "").localeCompare(b.date ?? "");

/** The most likely value; the first of several equally likely ones. */
export function mostLikely(forecast: NodeForecast): ValueForecast | undefined {
  return forecast.values.reduce<ValueForecast | undefined>((best, one) => (best && best.probability >= one.probability ? best : one), undefined);
}

/** Start and width of a part of the axis from 0 to 1, in percent, cut off at the ends of the axis. */
export function stretch(from: number, to: number): { left: number; width: number } {
  const low = at(Math.min(from, to));
  return { left: low, width: at(Math.max(from, to)) - low };
}

/** A point on the axis from 0 to 1, in percent. */
export function at(share: number): number {
  return Number.isFinite(share) ? Math.min(Math.max(share, 0), 1) * 100 : 0;
}

/** If there are many values (a number on a grid), those under half a percent before and after the record are folded away. */
export function folded(forecast: NodeForecast): { shown: ValueForecast[]; rest: ValueForecast[] } {
  if (forecast.values.length <= 6) return { shown: forecast.values, rest: [] };
  const small = (one: ValueForecast) => one.probability < VISIBLE && one.prior < VISIBLE && one.high < HARDLY;
  return { shown: forecast.values.filter((one) => !small(one)), rest: forecast.values.filter(small) };
}

/** The bounds of a probability that count the left-out draws as 0 and as 1; null if they hardly differ. */
export function leftOut(value: ValueForecast): [number, number] | null {
  const [low, high] = value.bounds;
  return high - low >= VISIBLE ? [low, high] : null;
}

/** The test that decides an outcome: one line, or one line per value. */
export function tests(forecast: Pick<NodeForecast, "resolves">): { value: string; test: string }[] {
  if (!forecast.resolves) return [];
  if (typeof forecast.resolves === "string") return [{ value: "", test: forecast.resolves }];
  return Object.entries(forecast.resolves).map(([value, test]) => ({ value, test }));
}
