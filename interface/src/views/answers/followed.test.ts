import { expect, test } from "vitest";
import type { BottomLine, NodeForecast, WhatIf } from "../../lib/answers";
import { followed } from "./followed";

const line = (more: Partial<BottomLine>): BottomLine => ({ name: "q", kind: "forecast", title: "?", sentence: "Old: 42%.", of: "Reply: yes", unit: "probability", number: 0.42, node: "reply", value: "yes", ...more }) as BottomLine;
const forecasts = [{ node: "reply", values: [{ value: "no", probability: 0.3, low: 0, high: 1 }, { value: "yes", probability: 0.7, low: 0.5, high: 0.9 }] }] as unknown as NodeForecast[];
const whatIfs = [{ name: "push", outcomes: [{ node: "reply", values: [{ value: "yes", before: 0.7, after: 0.8, low: 0.02, high: 0.3 }] }] }] as unknown as WhatIf[];

test("a forecast's number follows the sliders, with its range", () => {
  expect(followed(line({}), forecasts, [])).toBe("“Reply: yes” has 70% (50% to 90%)");
});

test("so does the change of a what-if", () => {
  expect(followed(line({ kind: "what_if", unit: "points", what_if: "push" }), forecasts, whatIfs)).toBe("“Reply: yes” has 80% instead of 70% (+2 to +30 points)");
});

test("a number that cannot follow is not shown as if it did", () => {
  expect(followed(line({ node: "" }), forecasts, whatIfs)).toBe("");
  expect(followed(line({ unit: "number", what_if: "push" }), forecasts, whatIfs)).toBe("");
  expect(followed(line({ value: "perhaps" }), forecasts, whatIfs)).toBe("");
  expect(followed(line({ kind: "why", node: "" }), forecasts, whatIfs)).toBe("");
});
