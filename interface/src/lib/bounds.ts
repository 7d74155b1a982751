// What a mean could be, had the draws that were left out been counted: each at the least, or at the most, that it can be.
export type Bounds = [number, number];

const SHOWN = 0.01;

/** Whether they are so wide that they must be said. */
export const isBounded = (bounds: Bounds | null | undefined): bounds is Bounds => !!bounds && bounds[1] - bounds[0] > SHOWN;

/** ", or 26%–65% counting the left-out draws"; nothing where they hardly matter. */
export function withLeftOut(bounds: Bounds | null | undefined, shown: (number: number) => string, to = "–"): string {
  return isBounded(bounds) ? `, or ${shown(bounds[0])}${to}${shown(bounds[1])} counting the left-out draws` : "";
}

/** The bounds of a mean that was reweighted; their width stays. */
export function movedBounds(bounds: Bounds | null | undefined, kept: number, leftOut: number): Bounds | null {
  if (!bounds) return null;
  const half = (bounds[1] - bounds[0]) / 2;
  return [kept * (1 - leftOut) - half, kept * (1 - leftOut) + half];
}

/** The same of a probability, which is counted as 0 and as 1. */
export const movedChance = (kept: number, leftOut: number): Bounds => [kept * (1 - leftOut), kept * (1 - leftOut) + leftOut];
