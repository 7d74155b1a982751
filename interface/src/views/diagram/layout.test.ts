import { expect, test } from "vitest";
import type { PlacedEdge, PlacedNode } from "../../lib/answers";
import { columnAhead, edgePath, neighbours, readingOrder, step, strips, visible } from "./layout";

const node = (name: string, column: number, y: number, shape: PlacedNode["shape"] = "decision"): PlacedNode => ({ name, shape, player: null, lines: [name], x: column * 160, y, width: 118, height: 40, column });
const edge = (source: string, target: string, kind: PlacedEdge["kind"] = "information"): PlacedEdge => ({ source, target, kind, points: [] });
//  a → c → d,  b → c,  c → e (interest)
const LAYOUT = {
  width: 500, height: 300, interests_from: 180, caption: "",
  columns: [0, 160, 320].map((x, i) => ({ x, width: 118, label: "", first: null, last: ["2031-01-01", "2031-05-01", null][i] ?? null })),
  nodes: [node("c", 1, 60), node("b", 0, 100), node("a", 0, 20), node("d", 2, 60), node("e", 2, 200, "interest")],
  edges: [edge("a", "c"), edge("b", "c"), edge("c", "d"), edge("c", "e", "interest")],
};

test("nodes are read in time, and from above", () => {
  expect(readingOrder(LAYOUT.nodes).map((one) => one.name)).toEqual(["a", "b", "c", "d", "e"]);
});

test("arrow keys go along arrows, and up and down within a column", () => {
  expect(step(LAYOUT, "c", "ArrowRight")).toBe("d");
  expect(step({ ...LAYOUT, nodes: LAYOUT.nodes.map((one) => (one.name === "a" ? { ...one, y: -200 } : one)) }, "c", "ArrowLeft")).toBe("b");
  expect(step(LAYOUT, "a", "ArrowDown")).toBe("b");
  expect([step(LAYOUT, "a", "Home"), step(LAYOUT, "a", "End")]).toEqual(["a", "e"]);
});

test("where no arrow leads, a key stays where it is", () => {
  expect([step(LAYOUT, "a", "ArrowLeft"), step(LAYOUT, "a", "ArrowUp"), step(LAYOUT, "d", "ArrowRight"), step(LAYOUT, "a", "x"), step(LAYOUT, "nobody", "End")]).toEqual([null, null, null, null, null]);
});

test("curves leave and arrive horizontally, and straight lines stay straight", () => {
  expect(edgePath({ ...edge("a", "b"), points: [[0, 10], [100, 10], [140, 50]] })).toBe("M0 10H100C120 10 120 50 140 50");
  expect(edgePath(edge("a", "b"))).toBe("");
});

test("without interests their arrows go too, and the picture ends above them", () => {
  const shown = visible(LAYOUT, false);
  expect([shown.nodes.length, shown.edges.length, shown.height]).toEqual([4, 3, 180]);
  expect(visible(LAYOUT, true)).toBe(LAYOUT);
});

test("parents and children are those of the arrows", () => {
  expect(neighbours(LAYOUT.edges)("c")).toEqual({ parents: ["a", "b"], children: ["d", "e"] });
  expect(neighbours(LAYOUT.edges)("nobody")).toEqual({ parents: [], children: [] });
});

test("on paper a wide picture is cut between columns, and nothing is lost", () => {
  const columns = [0, 1, 2, 3, 4, 5].map((i) => ({ x: 12 + i * 160, width: 118, label: "", first: null, last: null }));
  const cut = strips({ width: 942, columns }, 350);
  expect(cut.every((one) => one.width <= 350)).toBe(true);
  expect(cut.reduce((sum, one) => sum + one.width, 0)).toBe(942);
  for (const { from } of cut.slice(1)) expect(columns.some((one) => from > one.x && from < one.x + one.width)).toBe(false);
  expect(strips({ width: 300, columns: columns.slice(0, 2) }, 350)).toEqual([{ from: 0, width: 300 }]);
  expect(strips({ width: 942, columns }, 10).length).toBe(6);
});

test("the picture opens at what is ahead, or at its end", () => {
  expect([columnAhead(LAYOUT, "2031-04-02"), columnAhead(LAYOUT, "2040-01-01")]).toEqual([1, 2]);
});
