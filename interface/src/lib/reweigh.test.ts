import { expect, test } from "vitest";
import { COUNT, DRAWS, column, weights } from "../testing/closed_form";
import { Columns, type Column, type Weights } from "./draws";
import { effectiveDraws, factors, histogram, mean, quantiles, reweighted } from "./reweigh";

const columns = new Columns(DRAWS);
const [yes, no] = columns.forecasts.get("outcome")!.map((one) => one.given) as [Column, Column];
const weigh = (shifts: Record<string, number>, solvedAt = {}) => reweighted(columns.weights, factors(columns, shifts, solvedAt));
const furthest = (one: Weights, other: Weights) => one.reduce((most, weight, i) => Math.max(most, Math.abs(weight - other[i]!)), 0);
// Where the belief N(s, 1/4) replaces N(0, 1), a share 1 / E[w²] of the draws is left: ½ √(2 − ¼) exp(−s² / (2 − ¼)).
const share = (score: number) => 0.5 * Math.sqrt(1.75) * Math.exp(-(score ** 2) / 1.75);

test("nothing moved: the document's weights", () => {
  expect(furthest(weigh({}), columns.weights)).toBeLessThan(1e-12);
  expect(effectiveDraws(weigh({}))).toBeCloseTo(COUNT, 6);
});

test.each([0, 0.7, -1, 1.5])("a slider at %f: a straight outcome follows it, with half the spread", (score) => {
  const by = weigh({ height: score });
  expect(mean(yes, by)).toBeCloseTo(0.5 + 0.1 * score, 3);
  expect(mean(no, by)).toBeCloseTo(0.5 - 0.1 * score, 3);
  const [low, middle, high] = quantiles(yes, by, [0.05, 0.5, 0.95]) as [number, number, number];
  expect(middle).toBeCloseTo(0.5 + 0.1 * score, 3);
  expect(low).toBeCloseTo(0.5 + 0.1 * (score - 0.5 * 1.6448536), 3);
  expect(high).toBeCloseTo(0.5 + 0.1 * (score + 0.5 * 1.6448536), 3);
});

test.each([0, 1, -1.5])("draws are worth what the closed form says at %f", (score) => {
  expect(effectiveDraws(weigh({ height: score })) / COUNT).toBeCloseTo(share(score), 2);
});

test("moving what the outcome does not know changes nothing but the number of draws", () => {
  expect(mean(yes, weigh({ other: 1 }))).toBeCloseTo(0.5, 2);
  expect(effectiveDraws(weigh({ height: 1, other: -1 })) / COUNT).toBeCloseTo(share(1) ** 2, 2);
});

test("draws solved where a slider stands are weighed from there", () => {
  // What a workbench would send: the same outcome, drawn where the slider stands, so that its weights are even.
  const at = { height: 0.5 };
  expect(furthest(weigh(at, at), columns.weights)).toBeLessThan(1e-9);
  const there = { ...DRAWS, weights: weights(Array.from(weigh(at))) };
  const solved = new Columns(there);
  const on = reweighted(solved.weights, factors(solved, { height: 1 }, at));
  expect(furthest(on, weigh({ height: 1 }))).toBeLessThan(1e-6);
});

test("quantiles are those below which a share of the weight lies, as in Python", () => {
  const one = new Columns({ ...DRAWS, count: 4, weights: weights([0.25, 0.25, 0.5, 0]), forecasts: [{ node: "x", values: [{ value: 1, given_record: column([0.2, 0.1, 0.3, 0.9]), prior: column([0.5]) }] }], assumptions: [], what_ifs: [] });
  const { given, prior } = one.forecasts.get("x")![0]!;
  // weighted.quantile([.2, .1, .3, .9], [1, 1, 2, 0], at) in Python: 0.1 at 0.25, 0.2 at 0.5, 0.3 above.
  expect(quantiles(given, one.weights, [0.25, 0.5, 0.51, 1]).map((at) => at.toFixed(3))).toEqual(["0.100", "0.200", "0.300", "0.300"]);
  expect(mean(given, one.weights)).toBeCloseTo(0.225, 4);
  expect(histogram(given, one.weights).map((at, i) => [i, at]).filter(([, at]) => at)).toEqual([[2, 0.25], [4, 0.25], [6, 0.5]]);
  expect([mean(prior, one.weights), histogram(prior, one.weights)[10]]).toEqual([prior.at(0), prior.at(0) >= 0.5 ? 1 : 0]);
});
