import { expect, test } from "vitest";
import type { Layout, PlacedEdge, PlacedNode } from "../../lib/answers";
import { compact } from "./compact";
import { fittingStrips, type Drawing, type Point } from "./layout";

const node = (name: string, column: number, y: number, shape: PlacedNode["shape"] = "decision"): PlacedNode => ({ name, shape, player: "aria", lines: [name], x: 12 + column * 160, y, width: 118, height: 44, column });
const edge = (source: string, target: string, kind: PlacedEdge["kind"], points: Point[]): PlacedEdge => ({ source, target, kind, points });
const column = (i: number, label: string) => ({ x: 12 + i * 160, width: 118, label, first: `2031-0${i + 1}-01`, last: `2031-0${i + 1}-02` });

//  a → b → d,  a → d past c,  c → d,  and the interest e of d
const LAYOUT: Layout = {
  width: 782, height: 400, interests_from: 250, caption: "",
  columns: [0, 1, 2, 3].map((i) => column(i, `day ${i}`)),
  nodes: [node("a", 0, 60), node("b", 1, 38), node("c", 1, 120), node("d", 2, 60), node("e", 3, 270, "interest"), node("f", 3, 330, "interest")],
  edges: [
    edge("a", "b", "information", [[130, 82], [172, 60]]),
    edge("a", "d", "information", [[130, 82], [172, 96], [290, 96], [332, 82]]),
    edge("b", "d", "cause", [[290, 60], [332, 75]]),
    edge("c", "d", "information", [[290, 142], [332, 90]]),
    edge("d", "e", "interest", [[450, 82], [492, 292]]),
    edge("a", "f", "interest", [[130, 82], [172, 352], [450, 352], [492, 352]]),
  ],
};
const all = () => true;

/** No two boxes overlap, no arrow runs through a box, and everything lies inside. */
function isClean(drawing: Drawing): void {
  for (const box of drawing.nodes) {
    expect(box.x).toBe(12 + box.column * 160);
    expect(box.x + box.width).toBeLessThanOrEqual(drawing.width);
    expect(box.y).toBeGreaterThanOrEqual(0);
    expect(box.y + box.height).toBeLessThanOrEqual(drawing.height);
    for (const other of drawing.nodes) if (other !== box && other.column === box.column) expect(box.y + box.height <= other.y || other.y + other.height <= box.y).toBe(true);
    for (const { source, target, points } of drawing.edges) {
      if (source === box.name || target === box.name) continue;
      // The level stretches of an arrow cross columns; curves lie between columns.
      for (const [x, y] of points as Point[]) if (x >= box.x && x <= box.x + box.width) expect(y < box.y || y > box.y + box.height).toBe(true);
    }
  }
  for (const { points } of drawing.edges) expect((points as Point[]).every(([x], i) => i === 0 || x >= (points as Point[])[i - 1]![0])).toBe(true);
}

test("laid out again with nothing hidden, it has the same boxes, columns, order and arrows", () => {
  const drawing = compact(LAYOUT, all);
  isClean(drawing);
  expect(drawing.nodes.map(({ name, column }) => [name, column])).toEqual([["a", 0], ["b", 1], ["c", 1], ["d", 2], ["e", 3], ["f", 1]]);
  expect(drawing.edges.map(({ source, target }) => `${source}${target}`)).toEqual(["ab", "ad", "bd", "cd", "de", "af"]);
  const y = (name: string) => drawing.nodes.find((box) => box.name === name)!.y;
  expect(y("b")).toBeLessThan(y("c"));
  expect(Math.min(y("e"), y("f"))).toBeGreaterThan(drawing.interests_from);
});

test("hidden nodes leave no gap and no arrow", () => {
  const drawing = compact(LAYOUT, (name) => ["a", "d", "e"].includes(name));
  isClean(drawing);
  expect(drawing.columns.map(({ label }) => label)).toEqual(["day 0", "day 2", ""]);
  expect(drawing.edges.map(({ source, target }) => `${source}${target}`)).toEqual(["ad", "de"]);
  expect(drawing.width).toBe(2 * 12 + 3 * 118 + 2 * 42);
  expect(compact(LAYOUT, () => false).nodes).toEqual([]);
});

test("a folded period is one box with the arrows of its nodes, each once", () => {
  const drawing = compact(LAYOUT, all, [{ id: "period x", shape: "period", player: null, lines: ["January", "3 nodes"], members: ["a", "b", "c"] }]);
  isClean(drawing);
  const box = drawing.nodes.find(({ shape }) => shape === "period")!;
  expect(box.members).toEqual(["a", "b", "c"]);
  expect(drawing.edges.map(({ source, target }) => [source, target])).toEqual([["period x", "d"], ["d", "e"], ["period x", "f"]]);
  expect([drawing.columns[0]!.first, drawing.columns[0]!.last]).toEqual(["2031-01-01", "2031-02-02"]);
});

test("folded interests stand right of all that they are made of", () => {
  const drawing = compact(LAYOUT, all, [{ id: "interests aria", shape: "interests", player: "aria", lines: ["2 interests"], members: ["e", "f"] }]);
  isClean(drawing);
  expect(drawing.nodes.find(({ shape }) => shape === "interests")).toMatchObject({ members: ["e", "f"], column: 3, height: 44 });
  expect(drawing.edges.filter(({ kind }) => kind === "interest").map(({ source }) => source)).toEqual(["d", "a"]);
});

test("rows are as many as make the picture largest", () => {
  const wide = { width: 1600, height: 200, columns: Array.from({ length: 10 }, (_, i) => column(i, "")) };
  // In one row it is drawn at a quarter of its size, in two at half, in three it no longer fits in height.
  expect(fittingStrips(wide, 400, 100)).toHaveLength(1);
  expect(fittingStrips(wide, 400, 400).length).toBeGreaterThan(2);
  const rows = fittingStrips(wide, 800, 400);
  expect(rows.reduce((sum, { width }) => sum + width, 0)).toBe(1600);
  expect(rows).toHaveLength(2);
});
