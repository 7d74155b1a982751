import { expect, test } from "vitest";
import type { DiagramInterest, DiagramNode, Layout } from "../../lib/answers";
import { Workspace } from "../../lib/workspace.svelte";
import { sample } from "../../testing/sample";
import { Lens, NOBODY } from "./lens.svelte";
import { Scene } from "./scene.svelte";

const place = (name: string, shape: string, player: string | null, column: number, y: number) => ({ name, shape, player, lines: [name], x: 12 + column * 160, y, width: 118, height: 44, column });
const arrow = (source: string, target: string, kind: string) => ({ source, target, kind, points: [[0, 0], [10, 10]] });
const day = (i: number) => `2031-0${3 + i}-10`;
const LAYOUT = {
  width: 640, height: 320, interests_from: 200, caption: "", columns: [0, 1, 2].map((i) => ({ x: 12 + i * 160, width: 118, label: "", first: day(i), last: day(i) })),
  nodes: [place("resolve", "chance", null, 0, 40), place("demand", "decision", "aria", 0, 120), place("reply", "decision", "borland", 1, 60), place("parley", "decision", "aria", 2, 60), place("income", "interest", "aria", 2, 230)],
  edges: [arrow("resolve", "reply", "information"), arrow("demand", "reply", "information"), arrow("reply", "parley", "information"), arrow("reply", "income", "interest")],
} as unknown as Layout;

function lens(more: { nodes?: DiagramNode[]; interests?: DiagramInterest[] } = {}): Lens {
  return new Lens(new Scene(new Workspace(sample({ layout: LAYOUT, ...more }))));
}
const drawn = (shown: Lens) => shown.drawing.nodes.map(({ name }) => name).join(" ");

test("with nothing hidden, the picture is the document's own", () => {
  expect(lens().drawing).toBe(LAYOUT);
});

test("search finds words in name, title and player, in the order of time", () => {
  const shown = lens();
  shown.query = "aria";
  expect(shown.matches).toEqual(["demand", "parley", "income"]);
  shown.query = "ARIA dem";
  expect(shown.matches).toEqual(["demand"]);
  shown.query = "  ";
  expect(shown.matches).toBeNull();
});

test("a player is hidden with its interests, and chance by itself", () => {
  const shown = lens();
  shown.togglePlayer("aria");
  expect([drawn(shown), shown.counts, shown.inWords]).toEqual(["resolve reply", { shown: 2, all: 4 }, ["without Aria"]]);
  shown.togglePlayer(NOBODY);
  expect(drawn(shown)).toBe("reply");
  shown.showAll();
  expect(shown.drawing).toBe(LAYOUT);
});

test("days hide what is dated outside of them, and what has no day goes with what depends on it", () => {
  const shown = lens();
  shown.from = "2031-04-01";
  expect(drawn(shown)).toBe("resolve reply parley income");
  shown.to = "2031-04-30";
  expect(drawn(shown)).toBe("resolve reply income");
  shown.from = "2031-05-01";
  shown.to = "";
  expect(drawn(shown)).toBe("parley");
});

test("a folded period is one box, which opens again", () => {
  const shown = lens();
  shown.foldAround("demand");
  expect(drawn(shown)).toBe("period 2031-03-10 reply parley income");
  expect(shown.isFiltered).toBe(false);
  shown.unfold("period 2031-03-10");
  expect(shown.drawing).toBe(LAYOUT);
  shown.foldAround("income");
  expect(drawn(shown)).toContain("interests aria");
  shown.unfold("interests aria");
  expect(shown.drawing).toBe(LAYOUT);
});

test("the past folds at once", () => {
  const shown = lens();
  shown.foldPast();
  expect(drawn(shown)).toBe("period 2031-03-10 reply parley income");
});

test("only what bears on a node is left, and a node that was deleted filters nothing", () => {
  const shown = lens();
  shown.target = "demand";
  expect(drawn(shown)).not.toContain("parley");
  shown.target = "gone";
  expect(shown.drawing).toBe(LAYOUT);
});
