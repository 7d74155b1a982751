import { expect, test } from "vitest";
import type { SourceUse } from "./answers";
import { elsewhere, marked, paragraphsOf, rowsOf, viewOf } from "./sources";

const use = (name: string, paragraphs: number[], more: Partial<SourceUse> = {}): SourceUse => ({ source: "inquiry", at: "", paragraphs, part: "parameters", name, title: name, says: "", quotes: "", path: [], ...more });

test("what rests on a source stands beside every paragraph that it cites, and once where it cites one twice", () => {
  const rows = rowsOf([use("a", [1, 3]), use("b", [3, 3])], [["One."], ["Two."], ["Three."]]);
  expect(rows.map((row) => row.uses.map((one) => one.name))).toEqual([["a"], [], ["a", "b"]]);
  expect(rows[2]?.sentences).toEqual(["Three."]);
});

test("without a text, the paragraphs that are cited stand in their order", () => {
  expect(rowsOf([use("a", [12]), use("b", [3])], []).map((row) => row.number)).toEqual([3, 12]);
  expect(elsewhere([use("a", [1]), use("b", [], { at: "p. 3" })]).map((one) => one.name)).toEqual(["b"]);
});

test("a place is read as the check reads it", () => {
  // The same examples as in language/paragraphs.py.
  expect(paragraphsOf("¶ 6")).toEqual([6]);
  expect(paragraphsOf("¶ 1, 5, 12")).toEqual([1, 5, 12]);
  expect(paragraphsOf("¶¶ 3–5")).toEqual([3, 4, 5]);
  expect(paragraphsOf("p. 3")).toEqual([]);
  expect(paragraphsOf("section 2, para. 4")).toEqual([4]);
});

test("quotations are marked in a text, also where they overlap or are missing from it", () => {
  expect(marked("They met in May.", ["met in", "in May", "never"])).toEqual([
    { text: "They ", quoted: false }, { text: "met in", quoted: true }, { text: " May", quoted: true }, { text: ".", quoted: false },
  ]);
});

test("each use leads to the view that shows it", () => {
  expect(viewOf(use("cost", []))).toEqual({ view: "assumptions", assumption: "cost" });
  expect(viewOf(use("reply", [], { part: "record" }))).toEqual({ view: "diagram", node: "reply" });
  expect(viewOf(use("c", [], { part: "claims" })).view).toBe("claims");
});
