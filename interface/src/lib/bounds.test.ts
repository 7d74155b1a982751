import { expect, test } from "vitest";
import FORMATS from "../testing/formats.json";
import { isBounded, movedBounds, movedChance, withLeftOut } from "./bounds";
import { span } from "./format";

test("bounds are said where left-out draws matter, and only there", () => {
  expect(withLeftOut([0.26, 0.65], span)).toBe(", or 26–65% counting the left-out draws");
  expect(withLeftOut([0.3, 0.305], span)).toBe("");
  expect(withLeftOut(null, span)).toBe("");
  expect(isBounded([0, 0.39])).toBe(true);
});

test("a mean that is reweighted keeps the width of its bounds", () => {
  // By hand: a quarter is left out, and a difference can be −1 or 1 in these.
  const [least, most] = movedBounds([0.6 - 0.25, 0.6 + 0.25], 0.4, 0.25)!;
  expect(least).toBeCloseTo(0.05, 12);
  expect(most).toBeCloseTo(0.55, 12);
  expect(movedChance(0.4, 0.25)[1]).toBeCloseTo(0.55, 12);
});

test("bounds are shown from the width from which Python shows them", () => {
  for (const { bounds, is_bounded } of FORMATS.bounded) expect(isBounded(bounds as [number, number]), String(bounds)).toBe(is_bounded);
});
