// The picture with some nodes hidden, and some folded into boxes: laid out again without gaps, in the order of the document's layout.
import type { Layout, PlacedEdge } from "../../lib/answers";
import type { Box, Drawing, Point } from "./layout";
import { placed, type Spot } from "./place";

/** Nodes that are drawn as one box. */
export interface Fold {
  id: string;
  shape: "period" | "interests";
  lines: string[];
  player: string | null;
  members: string[];
}

// As in answers/layout/boxes.py, edges.py and layout.py.
const [WIDTH, GAP, MARGIN, HEADER, BETWEEN_BANDS, PORTS, LINE, PADDING] = [118, 42, 12, 26, 34, 9, 14, 8];

interface Route {
  source: Spot;
  target: Spot;
  kind: PlacedEdge["kind"];
  /** All that it runs through, from source to target. */
  spots: Spot[];
}

/** Lay out what is left of a picture. */
export function compact(layout: Layout, isShown: (name: string) => boolean, folds: Fold[] = []): Drawing {
  const foldOf = new Map(folds.flatMap((fold) => fold.members.map((name) => [name, fold] as const)));
  const boxes = boxesOf(layout, isShown, foldOf);
  const columns = [...new Set(boxes.filter((box) => !isLow(box)).map((box) => box.column))].sort((a, b) => a - b);
  const place = new Map(columns.map((column, i) => [column, i]));
  for (const box of boxes) if (!isLow(box)) box.column = place.get(box.column)!;
  placeInterests(layout, boxes, foldOf);
  const count = 1 + Math.max(-1, ...boxes.map((box) => box.column));
  const spotOf = new Map(boxes.map((box): [string, Spot] => [box.name, { id: box.name, column: box.column, isBox: true, half: box.height / 2 }]));
  const seat = (name: string) => spotOf.get(foldOf.get(name)?.id ?? name);

  const { routes, passing } = routesOf(layout, seat, columns);
  // The order from above, as the document has it.
  const before = new Map(boxes.map((box) => [spotOf.get(box.name)!, box.y + box.height / 2]));
  for (const [spot, y] of passing) before.set(spot, y);

  const top = bandOf(boxes.filter((box) => !isLow(box)), routes.filter(({ kind }) => kind !== "interest"), spotOf, before, MARGIN + HEADER);
  const end = Math.max(0, ...[...top].map(([spot, y]) => y + spot.half));
  const bottom = bandOf(boxes.filter(isLow), routes.filter(({ kind }) => kind === "interest"), spotOf, before, end + BETWEEN_BANDS);
  const middle = new Map([...top, ...bottom].map(([spot, y]) => [spot, Math.round(y)]));

  for (const box of boxes) {
    box.x = leftOf(box.column);
    box.y = middle.get(spotOf.get(box.name)!)! - Math.floor(box.height / 2);
  }
  const lowest = Math.max(0, ...[...middle].map(([spot, y]) => y + spot.half));
  return {
    ...layout,
    width: 2 * MARGIN + count * WIDTH + Math.max(count - 1, 0) * GAP,
    height: Math.round(lowest) + MARGIN,
    interests_from: Math.round(end + BETWEEN_BANDS / 2),
    columns: Array.from({ length: count }, (_, i) => ({ ...headOf(layout, columns[i], boxes.filter((box) => box.column === i)), x: leftOf(i) })),
    nodes: boxes,
    edges: edgesOf(routes, middle, new Map(boxes.map((box) => [spotOf.get(box.name)!, box]))),
  };
}

const isLow = ({ shape }: Box): boolean => shape === "interest" || shape === "interests";
const leftOf = (column: number): number => MARGIN + column * (WIDTH + GAP);

function boxesOf(layout: Layout, isShown: (name: string) => boolean, foldOf: Map<string, Fold>): Box[] {
  const boxes = new Map<string, Box>();
  for (const node of layout.nodes) {
    if (!isShown(node.name)) continue;
    const fold = foldOf.get(node.name);
    if (!fold) boxes.set(node.name, { ...node });
    else if (!boxes.has(fold.id)) {
      const height = LINE * (fold.lines.length + (fold.player === null ? 0 : 1)) + 2 * PADDING;
      boxes.set(fold.id, { ...node, name: fold.id, shape: fold.shape, player: fold.player, lines: fold.lines, height, members: [] });
    }
    if (!fold) continue;
    const box = boxes.get(fold.id)!;
    box.members!.push(node.name);
    box.column = Math.min(box.column, node.column);
  }
  return [...boxes.values()];
}

/** Interests stand directly right of all that they are made of. */
function placeInterests(layout: Layout, boxes: Box[], foldOf: Map<string, Fold>): void {
  const drawn = new Map(boxes.map((box) => [box.name, box]));
  const boxOf = (name: string) => drawn.get(foldOf.get(name)?.id ?? name);
  for (const box of boxes) if (isLow(box)) box.column = 0;
  for (const { kind, source, target } of layout.edges) {
    const [from, to] = [boxOf(source), boxOf(target)];
    if (kind === "interest" && from && to) to.column = Math.max(to.column, from.column + 1);
  }
}

/** Arrows between what is drawn, each once. Those of one kind from one source share a line, as long as it is. */
function routesOf(layout: Layout, seat: (name: string) => Spot | undefined, columns: number[]): { routes: Route[]; passing: Map<Spot, number> } {
  const routes = new Map<string, Route>();
  const lines = new Map<string, Spot>();
  const heights = new Map<Spot, number>();
  for (const edge of layout.edges) {
    const [source, target] = [seat(edge.source), seat(edge.target)];
    if (!source || !target || source === target) continue;
    const key = `${source.id} ${target.id}`;
    if (routes.has(key)) continue;
    const spots = [source];
    for (let i = source.column + 1; i < target.column; i++) {
      const id = `${source.id} ${edge.kind} ${i}`;
      let spot = lines.get(id);
      if (!spot) {
        spot = { id, column: i, isBox: false, half: 0 };
        lines.set(id, spot);
        heights.set(spot, heightAt(edge, layout.columns[columns[i]!]!.x + WIDTH / 2));
      }
      spots.push(spot);
    }
    routes.set(key, { source, target, kind: edge.kind, spots: [...spots, target] });
  }
  return { routes: [...routes.values()], passing: heights };
}

/** How high an arrow runs at some place, along straight lines between its points. */
function heightAt(edge: PlacedEdge, x: number): number {
  const points = edge.points as Point[];
  const after = points.findIndex((point) => point[0] >= x);
  const [end, start] = [points[after] ?? points.at(-1), points[after - 1] ?? points[0]];
  if (!start || !end) return 0;
  const share = end[0] === start[0] ? 0 : (x - start[0]) / (end[0] - start[0]);
  return start[1] + Math.min(1, Math.max(0, share)) * (end[1] - start[1]);
}

/** Heights of the boxes of a band and of what passes between them; the highest begins at `start`. */
function bandOf(boxes: Box[], routes: Route[], spotOf: Map<string, Spot>, before: Map<Spot, number>, start: number): Map<Spot, number> {
  const members = new Set<Spot>(boxes.map((box) => spotOf.get(box.name)!));
  for (const { spots } of routes) for (const spot of spots) if (!spot.isBox) members.add(spot);
  const links = new Map<Spot, Set<Spot>>([...members].map((spot) => [spot, new Set<Spot>()]));
  for (const { spots } of routes) {
    spots.slice(1).forEach((spot, i) => {
      if (!members.has(spot) || !members.has(spots[i]!)) return;
      links.get(spot)!.add(spots[i]!);
      links.get(spots[i]!)!.add(spot);
    });
  }
  const columns: Spot[][] = [];
  for (const spot of members) (columns[spot.column] ??= []).push(spot);
  const filled = columns.filter(Boolean).map((column) => column.sort((a, b) => (before.get(a) ?? 0) - (before.get(b) ?? 0)));
  const heights = placed(filled, new Map([...links].map(([spot, near]) => [spot, [...near]])));
  const highest = Math.min(Infinity, ...[...heights].map(([spot, y]) => y - spot.half));
  return new Map([...heights].map(([spot, y]) => [spot, y - highest + start]));
}

/** The head of a column; a folded period stands for all its columns. */
function headOf(layout: Layout, column: number | undefined, boxes: Box[]): Layout["columns"][number] {
  const head = column === undefined ? { x: 0, width: WIDTH, label: "", first: null, last: null } : layout.columns[column]!;
  const period = boxes.find((box) => box.shape === "period");
  if (!period || boxes.some((box) => box.shape !== "period" && !isLow(box))) return head;
  const inside = new Set(period.members);
  const heads = layout.nodes.filter((node) => inside.has(node.name)).map((node) => layout.columns[node.column]!);
  const dates = heads.flatMap(({ first, last }) => [first, last]).filter((date) => date !== null).sort();
  return { ...head, label: "", first: dates[0] ?? null, last: dates.at(-1) ?? null };
}

function edgesOf(routes: Route[], middle: Map<Spot, number>, boxAt: Map<Spot, Box>): PlacedEdge[] {
  const arriving = new Map<Spot, Route[]>();
  for (const route of routes) arriving.set(route.target, [...(arriving.get(route.target) ?? []), route]);
  const offset = new Map<Route, number>();
  for (const [target, near] of arriving) {
    near.sort((a, b) => middle.get(a.spots.at(-2)!)! - middle.get(b.spots.at(-2)!)!);
    const step = Math.min(PORTS, (2 * target.half - 2 * PADDING) / Math.max(near.length - 1, 1));
    near.forEach((route, k) => offset.set(route, Math.round((k - (near.length - 1) / 2) * step)));
  }
  return routes.map((route) => {
    const points: Point[] = [[leftOf(route.source.column) + WIDTH, middle.get(route.source)!]];
    for (const spot of route.spots.slice(1, -1)) {
      const [x, y] = [leftOf(spot.column), middle.get(spot)!];
      points.push([x, y], [x + WIDTH, y]);
    }
    const off = offset.get(route)!;
    points.push([leftOf(route.target.column) + inset(boxAt.get(route.target)!, off), middle.get(route.target)! + off]);
    return { source: route.source.id, target: route.target.id, kind: route.kind, points };
  });
}

/** From the left side of a box to its shape, at a height beside its middle. */
function inset({ shape, height }: Box, off: number): number {
  const half = height / 2;
  if (shape === "interest" || shape === "interests") return Math.round((12 * Math.abs(off)) / half);
  return shape === "chance" || shape === "derived" ? Math.round(half - Math.sqrt(half ** 2 - off ** 2)) : 0;
}
