// The diagram as laid out in the document: its curves, its reading order, and the way from node to node.
import type { Layout, PlacedEdge, PlacedNode } from "../../lib/answers";

export type Point = [number, number];

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

/** Half of a hexagon's height stands out on either side by this much; as in layout.py. */
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
export function readingOrder(nodes: PlacedNode[]): PlacedNode[] {
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
export function step(layout: Pick<Layout, "nodes" | "edges">, from: string, key: string): string | null {
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
  const middle = (one: PlacedNode) => one.y + one.height / 2;
  const there = layout.nodes.filter((one) => names.includes(one.name));
  const distance = (one: PlacedNode) => Math.hypot(one.x - here.x, 2 * (middle(one) - middle(here)));
  return there.sort((a, b) => distance(a) - distance(b))[0]?.name ?? null;
}

/** The picture without what is hidden: nodes, their edges, and how high it is then. */
export function visible(layout: Layout, interests: boolean): Layout {
  if (interests) return layout;
  const nodes = layout.nodes.filter((one) => one.shape !== "interest");
  return { ...layout, nodes, edges: layout.edges.filter((one) => one.kind !== "interest"), height: layout.interests_from };
}

/** A wide picture in strips that fit on paper, cut between columns; one strip where it fits. */
export function strips(layout: Pick<Layout, "width" | "columns">, widest: number): { from: number; width: number }[] {
  if (layout.width <= widest) return [{ from: 0, width: layout.width }];
  const found: { from: number; width: number }[] = [];
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

/** The first column that is still ahead. */
export function columnAhead(layout: Pick<Layout, "columns">, asOf: string): number {
  const ahead = layout.columns.findIndex((column) => (column.last ?? "") > asOf);
  return ahead < 0 ? Math.max(0, layout.columns.length - 1) : ahead;
}
