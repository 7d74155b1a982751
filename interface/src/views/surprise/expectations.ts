// Expectations, looked up by viewer and node.
import type { ExpectationView, SurpriseView, Viewer } from "../../lib/answers";

export interface Cell {
  viewer: Viewer;
  node: string;
  gap: number;
  expectation: ExpectationView | null;
}

export interface HeatLine {
  node: string;
  title: string;
  /** One cell for each viewer; null for the viewer's own move. */
  cells: (Cell | null)[];
}

export const keyOf = (view: string[], node: string): string => JSON.stringify([view, node]);

/** The heat table, each cell with the expectation behind it. */
export function lines(surprise: SurpriseView): HeatLine[] {
  const behind = new Map(surprise.expectations.map((one) => [keyOf(one.view, one.node), one]));
  return surprise.heat.map((row) => ({
    node: row.node,
    title: row.title,
    cells: surprise.viewers.map((viewer, i) => {
      const gap = row.gaps[i];
      return gap === null || gap === undefined ? null : { viewer, node: row.node, gap, expectation: behind.get(keyOf(viewer.view, row.node)) ?? null };
    }),
  }));
}

/** A gap in points, to a tenth where it is small. */
export function inPoints(gap: number): string {
  const points = 100 * gap;
  return points > 0 && points < 0.05 ? "<0.1" : String(Number(points.toFixed(points < 1 ? 1 : 0)));
}
