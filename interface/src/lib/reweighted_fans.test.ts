import { expect, test } from "vitest";
import { column, weights } from "../testing/closed_form";
import type { Draws, WhatIf } from "./answers";
import { Columns } from "./draws";
import { reweightedFans } from "./reweighted_fans";

// Three draws, of which the last always lacks the number (n/a): it cannot be counted.
const sides = (before: number[], after: number[]) => ({ before: column(before), after: column(after) });
const draws = new Columns({
  count: 3, weights: weights([0.25, 0.25, 0.5]), prior_weights: weights([0.25, 0.25, 0.5]), caption: "", assumptions: [], forecasts: [],
  what_ifs: [{ name: "push", outcomes: [{ node: "held@1", values: [{ value: 0, ...sides([0.5, 0.25, 0], [1, 0.5, 0]) }, { value: 100, ...sides([0.5, 0.25, 0], [0, 0, 0]) }, { value: "n/a", before: "", after: "" }], weights_before: null, weights_after: null }] }],
} as unknown as Draws);
const whatIf = (value: string | number | null) => ({ fans: [{ node: "held", title: "Held", value, label: "", points: [{ round: 1, label: "May", before: 0, after: 0, difference: 0, low: 0, high: 0 }] }] }) as unknown as WhatIf;
const point = (value: string | number | null, by: number[]) => reweightedFans(whatIf(value), draws.whatIfs.get("push")!, Float64Array.from(by))[0]!.points[0]!;

test("the number expected leaves n/a out, in each draw and over draws", () => {
  const { before, after, difference, low, high } = point(null, [1, 1, 1]);
  [before, after, difference, low, high].forEach((number, i) => expect(number).toBeCloseTo([50, 0, -50, -50, -50][i]!, 6));
});

test("the chance of one value, reweighted", () => {
  const { before, after, difference } = point(0, [3, 1, 0]);
  expect(before).toBeCloseTo((3 * 0.5 + 0.25) / 4, 4);
  expect(after).toBeCloseTo((3 * 1 + 0.5) / 4, 4);
  expect(difference).toBeCloseTo((3 * 0.5 + 0.25) / 4, 4);
});

test("a round whose draws are not known stays as it was solved", () => {
  const other = reweightedFans({ fans: [{ ...whatIf(0).fans![0]!, node: "else" }] } as unknown as WhatIf, draws.whatIfs.get("push")!, Float64Array.from([1, 1, 1]));
  expect(other[0]!.points[0]!.before).toBe(0);
});
