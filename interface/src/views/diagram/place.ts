// Heights in the columns of a picture: long lines straight, boxes near their neighbours. As in place.py of the document's layout.

/** A box, or a point where a long arrow passes a column. */
export interface Spot {
  id: string;
  column: number;
  isBox: boolean;
  /** Half of its height. */
  half: number;
}

const SWEEPS = 16;
const [STRAIGHT, NEAR, COMPACT] = [8, 2, 0.05];
/** Free height between two points, between a point and a box, and between two boxes. */
const FREE = [8, 10, 14] as const;

const gap = (above: Spot, below: Spot): number => above.half + FREE[Number(above.isBox) + Number(below.isBox)]! + below.half;

/** The height of the middle of each spot, in the given order within each column. */
export function placed(columns: Spot[][], links: Map<Spot, Spot[]>): Map<Spot, number> {
  const height = new Map<Spot, number>();
  const offsets = columns.map((column) => {
    const sums: number[] = [];
    column.forEach((spot, i) => sums.push(i === 0 ? 0 : sums[i - 1]! + gap(column[i - 1]!, spot)));
    column.forEach((spot, i) => height.set(spot, sums[i]! - (sums.at(-1) ?? 0) / 2));
    return sums;
  });
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const order = columns.map((_, i) => (sweep % 2 === 0 ? i : columns.length - 1 - i));
    for (const i of order) {
      const wanted = columns[i]!.map((spot, k): [number, number] => {
        let [weight, total] = [COMPACT, 0];
        for (const near of links.get(spot) ?? []) {
          const pull = spot.isBox || near.isBox ? NEAR : STRAIGHT;
          weight += pull;
          total += pull * (height.get(near) ?? 0);
        }
        return [total / weight - offsets[i]![k]!, weight];
      });
      rising(wanted).forEach((y, k) => height.set(columns[i]![k]!, y + offsets[i]![k]!));
    }
  }
  straighten(columns, links, height);
  return height;
}

/** The increasing numbers nearest to the given ones, by pooling adjacent violators. */
function rising(wanted: [number, number][]): number[] {
  const pools: [number, number, number][] = [];
  for (const [value, weight] of wanted) {
    let pool: [number, number, number] = [value, weight, 1];
    while (pools.length && pools.at(-1)![0] > pool[0]) {
      const [a, wa, na] = pools.pop()!;
      const [b, wb, nb] = pool;
      pool = [(a * wa + b * wb) / (wa + wb), wa + wb, na + nb];
    }
    pools.push(pool);
  }
  return pools.flatMap(([value, , count]) => Array<number>(count).fill(value));
}

/** Continue a long line at the height of its previous point, if there is room. */
function straighten(columns: Spot[][], links: Map<Spot, Spot[]>, height: Map<Spot, number>): void {
  for (const column of columns) {
    column.forEach((spot, k) => {
      const before = spot.isBox ? undefined : links.get(spot)?.find((near) => near.column < spot.column);
      if (!before) return;
      const [above, below] = [column[k - 1], column[k + 1]];
      const lowest = above ? height.get(above)! + gap(above, spot) : -Infinity;
      const highest = below ? height.get(below)! - gap(spot, below) : Infinity;
      const level = height.get(before)!;
      if (level >= lowest && level <= highest) height.set(spot, level);
    });
  }
}
