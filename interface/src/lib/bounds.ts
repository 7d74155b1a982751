// Bounds of a mean that count every left-out draw at the smallest and at the largest value it can have.
export type Bounds = [number, number];

const SHOWN = 0.01;

/** Whether they are so wide that they must be shown. */
export const isBounded = (bounds: Bounds | null | undefined): bounds is Bounds => !!bounds && bounds[1] - bounds[0] > SHOWN;

/** ", or 26–65% counting the left-out draws"; empty if they hardly matter. */
export function withLeftOut(bounds: Bounds | null | undefined, range: (low: number, high: number) => string): string {
  return isBounded(bounds) ? `, or ${range(...bounds)} counting the left-out draws` : "";
}

/** The bounds of a reweighted mean; their width does not change. */
export function movedBounds(bounds: Bounds | null | undefined, kept: number, leftOut: number): Bounds | null {
  if (!bounds) return null;
  const half = (bounds[1] - bounds[0]) / 2;
  return [kept * (1 - leftOut) - half, kept * (1 - leftOut) + half];
}

/** The same for a probability, which is counted as 0 and as 1. */
export const movedChance = (kept: number, leftOut: number): Bounds => [kept * (1 - leftOut), kept * (1 - leftOut) + leftOut];
