// The diagram as laid out in the document: its curves, its reading order, and the way from node to node.
import type { Layout, PlacedEdge, PlacedNode } from "../../lib/answers";

export type Point = [number, number];

/** What is drawn as one shape: a node, an interest, or nodes that are folded. */
export interface Box extends Omit<PlacedNode, "shape"> {
  shape: PlacedNode["shape"] | "period" | "interests";
  /** What is folded in it. */
  members?: string[];
}

/** A picture as it is drawn: the document's, or what is left of it. */
export interface Drawing extends Omit<Layout, "nodes"> {
  nodes: Box[];
}

/** A curve through the points that leaves and arrives horizontally. */
export function edgePath(edge: PlacedEdge): string {
  const [first, ...rest] = edge.points as Point[];
  if (!first) return "";
  let path = `M${first[0]} ${first[1]}`;
  let [x, y] = first;
  for (const [toX, toY] of rest) {
    const middle = (x + toX) / 2;
    path += toY === y ? `H${toX}` : `C${middle} ${y} ${middle} ${toY} ${toX} ${toY}`;
    [x, y] = [toX, toY];
  }
  return path;
}

/** The head of an arrow that arrives from the left. */
export function edgeHead(edge: PlacedEdge): string {
  const [x, y] = (edge.points.at(-1) ?? [0, 0]) as Point;
  return `M${x - 7} ${y - 3.5}L${x} ${y}L${x - 7} ${y + 3.5}Z`;
}

/** Between two columns; as in answers/layout/boxes.py. */
const GAP = 42;
/** Half of a hexagon's height stands out on either side by this much; as in answers/layout/edges.py. */
const CORNER = 12;

export function hexagon(width: number, height: number, inset = 0): string {
  const [left, right, top, bottom] = [inset, width - inset, inset, height - inset];
  return [[left + CORNER, top], [right - CORNER, top], [right, height / 2], [right - CORNER, bottom], [left + CORNER, bottom], [left, height / 2]]
    .map(([x, y]) => `${x},${y}`)
    .join(" ");
}

/** A good's box: it ends in a point on the right. */
export function pointed(width: number, height: number): string {
  return `0,0 ${width - CORNER},0 ${width},${height / 2} ${width - CORNER},${height} 0,${height}`;
}

/** The order in which nodes are read: in time, and from above. */
export function readingOrder<Placed extends Pick<PlacedNode, "column" | "y">>(nodes: Placed[]): Placed[] {
  return [...nodes].sort((a, b) => a.column - b.column || a.y - b.y);
}

export interface Near {
  parents: string[];
  children: string[];
}

/** Parents and children of every node that is drawn. */
export function neighbours(edges: PlacedEdge[]): (name: string) => Near {
  const found = new Map<string, Near>();
  const of = (name: string) => {
    const near = found.get(name) ?? { parents: [], children: [] };
    found.set(name, near);
    return near;
  };
  for (const edge of edges) {
    of(edge.source).children.push(edge.target);
    of(edge.target).parents.push(edge.source);
  }
  return (name) => found.get(name) ?? { parents: [], children: [] };
}

/**
 * Where an arrow key leads: left to a parent, right to a child (the one that lies nearest in height), up and
 * down to the neighbour in the column; null where there is none.
 */
export function step(layout: Pick<Drawing, "nodes" | "edges">, from: string, key: string): string | null {
  const here = layout.nodes.find((one) => one.name === from);
  if (!here) return null;
  const ordered = readingOrder(layout.nodes);
  if (key === "Home") return ordered[0]?.name ?? null;
  if (key === "End") return ordered.at(-1)?.name ?? null;
  if (key === "ArrowUp" || key === "ArrowDown") {
    const column = ordered.filter((one) => one.column === here.column);
    return column[column.indexOf(here) + (key === "ArrowDown" ? 1 : -1)]?.name ?? null;
  }
  const near = neighbours(layout.edges)(from);
  const names = key === "ArrowLeft" ? near.parents : key === "ArrowRight" ? near.children : [];
  const middle = (one: Box) => one.y + one.height / 2;
  const there = layout.nodes.filter((one) => names.includes(one.name));
  const distance = (one: Box) => Math.hypot(one.x - here.x, 2 * (middle(one) - middle(here)));
  return there.sort((a, b) => distance(a) - distance(b))[0]?.name ?? null;
}

/** The picture without what is hidden: nodes, their edges, and how high it is then. */
export function visible(layout: Layout, interests: boolean): Layout {
  if (interests) return layout;
  const nodes = layout.nodes.filter((one) => one.shape !== "interest");
  return { ...layout, nodes, edges: layout.edges.filter((one) => one.kind !== "interest"), height: layout.interests_from };
}

/** A part of a picture between two cuts, in units of the layout. */
export interface Strip {
  from: number;
  width: number;
}

/** A wide picture in strips, like lines of a text, cut between columns; one strip where it fits. */
export function strips(layout: Pick<Layout, "width" | "columns">, widest: number): Strip[] {
  if (layout.width <= widest) return [{ from: 0, width: layout.width }];
  const found: Strip[] = [];
  let from = 0;
  for (const [i, column] of layout.columns.entries()) {
    const end = column.x + column.width;
    const next = layout.columns[i + 1];
    if (next && next.x + next.width - from > widest && end > from) {
      const cut = (end + next.x) / 2;
      found.push({ from, width: cut - from });
      from = cut;
    }
  }
  found.push({ from, width: layout.width - from });
  return found;
}

/** The strips in which a picture is largest in a window, one below the other. */
export function fittingStrips(layout: Pick<Layout, "width" | "height" | "columns">, width: number, height: number): Strip[] {
  let [best, largest] = [[{ from: 0, width: layout.width }], 0];
  for (let count = 1; count <= Math.max(1, layout.columns.length); count++) {
    const rows = strips(layout, layout.width / count + GAP);
    const zoom = Math.min(width / Math.max(...rows.map((row) => row.width)), height / (rows.length * layout.height));
    if (zoom > largest) [best, largest] = [rows, zoom];
  }
  return best;
}

/** Which strip a place lies in. */
export function stripAt(rows: Strip[], x: number): number {
  const row = rows.findIndex(({ from, width }) => x < from + width);
  return row < 0 ? rows.length - 1 : row;
}

/** The first column that is still ahead. */
export function columnAhead(layout: Pick<Layout, "columns">, asOf: string): number {
  const ahead = layout.columns.findIndex((column) => (column.last ?? "") > asOf);
  return ahead < 0 ? Math.max(0, layout.columns.length - 1) : ahead;
}
