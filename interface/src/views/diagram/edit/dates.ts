// Days as text, and places in the picture as days.
import type { Layout } from "../../../lib/answers";

const DAY = 86_400_000;

/** A day some days later; a month counts as its last day. */
export function later(date: string, days: number): string {
  return toText(toTime(date) + days * DAY);
}

/** The time of a day, or of the last day of a month. */
export function toTime(date: string): number {
  const [year = 0, month = 1, day] = date.split("-").map(Number);
  return day === undefined ? Date.UTC(year, month, 0) : Date.UTC(year, month - 1, day);
}

const toText = (time: number): string => new Date(time).toISOString().slice(0, 10);

/**
 * The day at a place of the picture. The axis is not to scale: between the middles of two columns days are spread evenly, and
 * beyond the first and last column a column's width is as long as between its neighbours. Null without two different days.
 */
export function dayAt(columns: Layout["columns"], x: number): string | null {
  const marks = columns.flatMap(({ x: left, width, first }) => (first ? [{ at: left + width / 2, time: toTime(first) }] : []));
  if (marks.length === 0) return null;
  if (marks.length === 1) return toText(marks[0]!.time + Math.round((x - marks[0]!.at) / 10) * DAY);
  let next = marks.findIndex(({ at }) => at >= x);
  if (next < 0) next = marks.length - 1;
  const [from, to] = [marks[Math.max(next, 1) - 1]!, marks[Math.max(next, 1)]!];
  const share = (x - from.at) / (to.at - from.at);
  return toText(from.time + Math.round((share * (to.time - from.time)) / DAY) * DAY);
}
