// The course of a forecast over time: where its points, the news and the outcome lie.
import type { Track } from "../../lib/messages";

/** At most so many values have a line; the others stand in the table. */
export const MOST_LINES = 6;

export interface News {
  number: number;
  date: string;
  says: string;
}

export interface Line {
  value: string | number;
  label: string;
  /** Null where the node could not have the value in that run. */
  points: { date: string; run: number; chance: number | null; low: number | null; high: number | null }[];
  last: number;
}

/** Days since 1970, so that a scale of days is one of numbers. */
export const dayNumber = (date: string): number => Math.round(Date.parse(date) / 86_400_000);

/** The lines of a forecast, the most likely of the last run first. */
export function linesOf(track: Track, label: (value: string | number) => string): Line[] {
  const lines = track.values.map((value, i) => {
    const points = track.points.map((one) => ({ date: one.as_of, run: one.run, chance: one.probabilities[i] ?? null, low: one.lows[i] ?? null, high: one.highs[i] ?? null }));
    return { value, label: label(value), points, last: points.at(-1)?.chance ?? 0 };
  });
  return lines.sort((one, other) => other.last - one.last);
}

/** The news between two days, numbered by date. */
export function newsWithin(events: { date: string; kind: string; says: string }[], from: string, to: string): News[] {
  const recorded = events.filter((one) => one.kind === "recorded" && one.date >= from && one.date <= to);
  return recorded.sort((one, other) => one.date.localeCompare(other.date)).map((one, i) => ({ number: i + 1, date: one.date, says: one.says }));
}

/** The first and the last day of a picture. A single day is given a month on either side. */
export function range(track: Track): [string, string] {
  const days = [...track.points.map((one) => one.as_of), ...(track.outcome ? [track.outcome.date] : [])].sort();
  const [from, to] = [days[0] ?? "1970-01-01", days.at(-1) ?? "1970-01-01"];
  if (from !== to) return [from, to];
  const shifted = (by: number) => new Date(Date.parse(from) + by * 86_400_000).toISOString().slice(0, 10);
  return [shifted(-30), shifted(30)];
}

/** Heights of labels at the end of lines, moved apart so that none covers another. */
export function apart(heights: number[], gap: number, most: number): number[] {
  const order = heights.map((height, i) => ({ height, i })).sort((one, other) => one.height - other.height);
  order.forEach((one, k) => { if (k > 0) one.height = Math.max(one.height, order[k - 1]!.height + gap); });
  const over = (order.at(-1)?.height ?? 0) - most;
  if (over > 0) order.forEach((one) => { one.height -= over; });
  const moved = [...heights];
  for (const { height, i } of order) moved[i] = height;
  return moved;
}
