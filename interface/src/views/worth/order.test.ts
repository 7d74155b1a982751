import { expect, test } from "vitest";
import type { WrittenNode } from "../../lib/entries";
import { cardOf, ELSE, firstRanks, join, outcomesOf, place, possibleOf, readOrder, step, writeOrder } from "./order";
import { readTable, writeTable } from "./worth_table";

const node = (name: string, domain: (string | number)[]): WrittenNode => ({ name, title: name, kind: "chance", player: "", domain, when: "", day: "", repeats: false, labels: {} });
const NODES = [node("release", ["all", "some", "none"]), node("relief", ["full", "none"]), node("count", [0, 10])];
const card = (...values: (string | number)[]) => cardOf(values);

test("an order is read and written as the file has it", () => {
  const worth = { of: ["release", "relief"], ranks: [["all", "none"], "some, none = all, full", "else"], spacing: "uncertain", scale: 0.5 };
  const order = readOrder(worth, NODES)!;
  expect(order.ranks).toEqual([[card("all", "none")], [card("some", "none"), card("all", "full")], [ELSE]]);
  expect(writeOrder(order, outcomesOf(NODES.slice(0, 2))!)).toEqual(worth);
  const numbers = { of: "count", ranks: [10, 0] };
  expect(writeOrder(readOrder(numbers, NODES)!, outcomesOf([NODES[2]!])!)).toEqual(numbers);
});

test("an order that names something unknown, or an outcome twice, is left to the text", () => {
  expect(readOrder({ of: "release", ranks: ["all", "few"] }, NODES)).toBeNull();
  expect(readOrder({ of: "release", ranks: ["all", "all = none"] }, NODES)).toBeNull();
  expect(readOrder({ of: "nobody", ranks: ["all"] }, NODES)).toBeNull();
});

test("a card goes before, after or into a rank, and leaves no empty rank behind", () => {
  const ranks = [["a"], ["b"], ["c"]];
  expect(place(ranks, "c", 0, "before")).toEqual([["c"], ["a"], ["b"]]);
  expect(place(ranks, "a", 2, "with")).toEqual([["b"], ["c", "a"]]);
  expect(place(ranks, "a", 0, "after")).toEqual(ranks);
  expect(place(ranks, "a", 7, "after")).toEqual(ranks);
});

test("by keys a card passes one rank at a time, and leaves or joins ties", () => {
  expect(step([["a"], ["b"], ["c"]], "c", true)).toEqual([["a"], ["c"], ["b"]]);
  expect(step([["a"], ["b"]], "a", true)).toEqual([["a"], ["b"]]);
  expect(step([["a", "b"], ["c"]], "b", true)).toEqual([["b"], ["a"], ["c"]]);
  expect(step([["a", "b"], ["c"]], "b", false)).toEqual([["a"], ["b"], ["c"]]);
  expect(join([["a"], ["b"]], "b")).toEqual([["a", "b"]]);
  expect(join([["a"], ["b"]], "a")).toEqual([["a"], ["b"]]);
});

test("values that the file would read as a tie or a list are not joined", () => {
  const odd = [node("x", ["a = b", "c"])];
  const outcomes = outcomesOf(odd)!;
  expect(writeOrder({ of: ["x"], ranks: [["a = b", "c"]], spacing: "even", scale: 1 }, outcomes)).toBeNull();
  const alone = writeOrder({ of: ["x"], ranks: [["c"], ["a = b"]], spacing: "even", scale: 1 }, outcomes)!;
  expect(alone["ranks"]).toEqual(["c", ["a = b"]]);
  expect(readOrder(alone, odd)!.ranks).toEqual([["c"], ["a = b"]]);
});

test("a table is read with its rest, and written only once every cell is filled", () => {
  const table = readTable({ table: ["release", "relief"], "all, none": 1, "some, full": "2 * gain", else: 0 }, NODES)!;
  expect(table.cells[card("all", "none")]).toBe("1");
  expect(table.cells[card("none", "full")]).toBe("0");
  const outcomes = outcomesOf(NODES.slice(0, 2))!;
  expect(writeTable(table, outcomes, [...outcomes.keys()])).toEqual({ table: ["release", "relief"], "all, full": 0, "all, none": 1, "some, full": "2 * gain", "some, none": 0, "none, full": 0, "none, none": 0 });
  expect(writeTable({ ...table, cells: { ...table.cells, [card("all", "none")]: " " } }, outcomes, [...outcomes.keys()])).toBeNull();
  expect(readTable({ table: "release", all: { deep: 1 } }, NODES)).toBeNull();
});

test("a node that may not arise has that as an outcome, and what cannot come about is not asked for", () => {
  const answer = { ...node("answer", ["complies", "resists"]), when: "threat == 'threatens'" };
  const last = { ...node("last", ["carries out", "drops it"]), when: "answer == 'resists'" };
  const both = [answer, last];
  const outcomes = outcomesOf(both)!;
  expect(outcomes.size).toBe(9);
  expect(possibleOf(both, outcomes)).toEqual([card("complies", "n/a"), card("resists", "carries out"), card("resists", "drops it"), card("n/a", "n/a")]);
  expect(firstRanks(both, outcomes).at(-1)).toEqual([ELSE]);
  const cells = Object.fromEntries(possibleOf(both, outcomes).map((one) => [one, "1"]));
  expect(writeTable({ of: ["answer", "last"], cells }, outcomes, possibleOf(both, outcomes))).toMatchObject({ "complies, n/a": 1, else: 0 });
});

test("more outcomes than a hand can arrange are refused", () => {
  const many = node("many", Array.from({ length: 61 }, (_, i) => i));
  expect(outcomesOf([many, NODES[1]!])).toBeNull();
});
