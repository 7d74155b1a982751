// Where the bars and bands of a Sankey picture lie: suppliers on the left, a row for each route, demanders on the right.
//
// A good has one layer of routes between suppliers and demanders, so rows follow the order of the case file and no search for
// an order is needed. The width of a band is its flow; the same flow has the same width in every picture of one scale.
import type { GoodView } from "../../lib/answers";
import { widthOf, wrap } from "../../lib/wrap";

export interface Bar {
  title: string[];
  amount: number;
  x: number;
  y: number;
  height: number;
}

export interface Band {
  route: string;
  title: string[];
  /** Whether the amount has a line of its own below the title. */
  amountBelow: boolean;
  amount: number;
  /** The middle of the band in the row of its route. */
  y: number;
  thickness: number;
  /** The outline, from the supplier's bar to the demander's. */
  path: string;
  /** Where the first line of its title stands. */
  titleY: number;
}

export interface Sankey {
  width: number;
  height: number;
  middle: number;
  suppliers: Bar[];
  demanders: Bar[];
  bands: Band[];
}

export const BAR = 9;
export const SIZE = 12;
const LINE = 15;
const GAP = 10;
/** The thickness of the largest total, whatever its unit. */
export const LARGEST = 170;
/** The share of the way between the bars on which bands are level, so that no band runs through the title of another. */
const LEVEL = 0.6;
/** A flow that is drawn at all is at least this thick. */
const THINNEST = 0.75;

/** The largest sum of flows, by which all pictures that are compared are scaled. */
export function scaleOf(flows: number[][]): number {
  return Math.max(...flows.map((some) => some.reduce((sum, one) => sum + one, 0)), 1e-300);
}

/**
 * Lay a good's flows out, in the order of its routes.
 *
 * `says` is how the amount of a route is written, so that there is room for it beside the title.
 */
export function layOut(good: GoodView, flows: number[], scale: number, width: number, says: (route: string, amount: number) => string): Sankey {
  const thick = (amount: number) => (amount > 0 ? Math.max((amount / scale) * LARGEST, THINNEST) : 0);
  const side = Math.min(width * 0.22, 150);
  const [left, right] = [side, width - side - BAR];
  const middle = (left + BAR + right) / 2;
  const level = (right - left - BAR) * LEVEL;
  let y = 0;
  const rows = good.routes.map((route, i) => {
    const amount = flows[i] ?? 0;
    const title = wrap(route.title, level, SIZE);
    const amountBelow = widthOf(`${title.at(-1)} ${says(route.name, amount)}`, SIZE) > level;
    const lines = title.length + Number(amountBelow);
    const [begin, top] = [y, y + lines * LINE + 3];
    const thickness = thick(amount);
    y = top + Math.max(thickness, 4) + GAP;
    return { route, amount, title, amountBelow, titleY: begin + LINE - 3, thickness, y: top + Math.max(thickness, 4) / 2 };
  });
  const height = Math.max(y, 60);
  const ends = (names: { name: string; title: string }[], of: "supplier" | "demander", x: number) => {
    const bars = names.map((place) => {
      const mine = rows.filter((row) => row.route[of] === place.name);
      const amount = mine.reduce((sum, row) => sum + row.amount, 0);
      const tall = mine.reduce((sum, row) => sum + row.thickness, 0);
      const centre = mine.reduce((sum, row) => sum + row.y, 0) / Math.max(mine.length, 1);
      return { name: place.name, title: wrap(place.title, side - 8, SIZE), amount, x, y: centre - tall / 2, height: tall, mine };
    });
    // From above, each bar leaves room for the lines of its title and its amount.
    const room = (bar: { title: string[]; height: number }) => Math.max(bar.height, (bar.title.length + 1) * LINE);
    let free = 0;
    for (const bar of [...bars].sort((a, b) => a.y - b.y)) {
      const top = Math.max(bar.y - (room(bar) - bar.height) / 2, free);
      bar.y = top + (room(bar) - bar.height) / 2;
      free = top + room(bar) + GAP;
    }
    return { bars, bottom: free };
  };
  const suppliers = ends(good.suppliers, "supplier", left);
  const demanders = ends(good.demanders, "demander", right);
  // Bands leave and arrive beside each other, in the order of the rows.
  const at = (bars: typeof suppliers.bars, row: (typeof rows)[number]) => {
    const bar = bars.find((one) => one.mine.includes(row));
    const before = bar?.mine.slice(0, bar.mine.indexOf(row)).reduce((sum, one) => sum + one.thickness, 0) ?? 0;
    return (bar?.y ?? row.y) + before;
  };
  const bands = rows.map((row) => {
    const [from, to, half] = [at(suppliers.bars, row), at(demanders.bars, row), row.thickness / 2];
    const [x0, x1, x2] = [left + BAR, middle, right];
    const [x3, x4] = [x1 - level / 2, x1 + level / 2];
    const [a, b] = [(x0 + x3) / 2, (x4 + x2) / 2];
    const [top, low, fromLow, toLow] = [row.y - half, row.y + half, from + row.thickness, to + row.thickness];
    const path =
      `M${f(x0)} ${f(from)}C${f(a)} ${f(from)} ${f(a)} ${f(top)} ${f(x3)} ${f(top)}H${f(x4)}C${f(b)} ${f(top)} ${f(b)} ${f(to)} ${f(x2)} ${f(to)}` +
      `V${f(toLow)}C${f(b)} ${f(toLow)} ${f(b)} ${f(low)} ${f(x4)} ${f(low)}H${f(x3)}C${f(a)} ${f(low)} ${f(a)} ${f(fromLow)} ${f(x0)} ${f(fromLow)}Z`;
    return { route: row.route.name, title: row.title, amountBelow: row.amountBelow, amount: row.amount, y: row.y, thickness: row.thickness, path, titleY: row.titleY };
  });
  const bare = ({ title, amount, x, y, height: tall }: Bar): Bar => ({ title, amount, x, y, height: tall });
  return { width, height: Math.max(height, suppliers.bottom, demanders.bottom), middle, suppliers: suppliers.bars.map(bare), demanders: demanders.bars.map(bare), bands };
}

const f = (value: number) => value.toFixed(1);
