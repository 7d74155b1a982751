// Numbers, days and terms as the terminal and the static page write them.
//
// The page formats reweighted numbers itself; `testing/formats.json` holds examples that Python has written.
import type { Vocabulary } from "./answers";

const MINUS = "−";

/** 0.423 as 42%; almost certain values are not rounded to 0% or 100%. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return "<1%";
  if (share < 1 && share > 0.995) return ">99%";
  return `${round(share * 100)}%`;
}

/** A difference of probabilities in points, with its sign: +4, −12, 0. */
export function points(difference: number): string {
  return signed(round(difference * 100).toString());
}

/** The change from one probability to another as both are shown, in whole percent; itself where one is shown as a limit. */
export function shownChange(before: number, after: number): number {
  if (/[<>]/.test(percent(before) + percent(after))) return after - before;
  return (round(100 * after) - round(100 * before)) / 100;
}

/** A change in points, beside both probabilities: the difference of what is shown. */
export function changeInPoints(before: number, after: number): string {
  return points(shownChange(before, after));
}

/** An end of the range of a change, in points: one that rounds as the change does is shown as the change is. */
export function endInPoints(before: number, after: number, end: number): string {
  return points(end) === points(after - before) ? changeInPoints(before, after) : points(end);
}

/** To the nearest whole number; a half goes to the even one, as in Python. */
function round(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** The ICD 203 term for a probability; empty where the document has no vocabulary. */
export function estimativeWord(probability: number, vocabulary: Vocabulary | null | undefined): string {
  const terms = vocabulary?.estimative ?? [];
  return (terms.find((term) => probability < term.below) ?? terms.at(-1))?.word ?? "";
}

/** A number with its sign, at this many significant digits. */
export function change(value: number, digits = 2): string {
  return signed(significant(value, digits));
}

/** A number at this many significant digits, without an exponent if it is readable without one. */
export function significant(value: number, digits = 3): string {
  if (value === 0 || !Number.isFinite(value)) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-5) return value.toExponential(digits - 1).replace("-", MINUS);
  return Number(value.toPrecision(digits)).toLocaleString("en", { maximumSignificantDigits: digits }).replace("-", MINUS);
}

function signed(text: string): string {
  if (text === "0" || text === "-0") return "0";
  if (text.startsWith("-") || text.startsWith(MINUS)) return MINUS + text.slice(1);
  return `+${text}`;
}

/** A range as text: 20–75%; one number if both ends are written the same; <1% to 75% if an end is a limit. */
export function span(low: number, high: number): string {
  const [from, to] = [percent(low), percent(high)];
  if (from !== to && /[<>]/.test(from + to)) return `${from} to ${to}`;
  return from === to ? from : `${from.replace("%", "")}–${to}`;
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** 2025-07-15 as 15 July 2025, and 2025-07, a month without its day, as July 2025. */
export function day(date: string): string {
  const [year, month, date_] = date.split("-").map(Number);
  const named = `${MONTHS[(month ?? 1) - 1]} ${year}`;
  return date_ === undefined ? named : `${date_} ${named}`;
}
