import { expect, test } from "vitest";
import { normalQuantile } from "./normal";
import { Axis, Prior } from "./prior";

const SHARES = [0.005, ...Array.from({ length: 99 }, (_, i) => (i + 1) / 100), 0.995];
const prior = (number: (z: number) => number) => new Prior(SHARES.map((share) => number(normalQuantile(share))));
const Z = 1.6448536269514722;

test("the normal quantile is that of the tables", () => {
  const found = [0.5, 0.975, 0.05, 1e-5, 1 - 1e-9].map((share) => normalQuantile(share));
  [0, 1.959963984540054, -Z, -4.264890793922825, 5.997807015].forEach((z, i) => expect(found[i]).toBeCloseTo(z, 8));
});

test.each<[string, (z: number) => number]>([
  ["normal", (z) => 3 - 2 * -z],
  ["lognormal", (z) => Math.exp(0.3 + 0.9 * z)],
  ["logit-normal", (z) => 1 / (1 + Math.exp(-(0.8 + 1.2 * z)))],
])("a %s prior is read between its quantiles and beyond them", (_, number) => {
  const found = prior(number);
  for (const score of [-3.3, -2, -0.4, 0, 1.234, 2.9]) expect(found.at(score)).toBeCloseTo(number(score), 6);
  for (const score of [-2.5, -0.3, 1.1]) expect(found.score(number(score))).toBeCloseTo(score, 6);
});

test("with a slider, the median is the number it is set to, with half the spread", () => {
  const { low, middle, high } = prior((z) => Math.exp(z)).believed(1);
  expect([low, middle, high].map(Math.log).map((log) => Number(log.toFixed(6)))).toEqual([1 - Z / 2, 1, 1 + Z / 2].map((log) => Number(log.toFixed(6))));
});

test("a number beyond the slider is its end", () => {
  expect(prior((z) => z).score(99)).toBeCloseTo(normalQuantile(0.995), 9);
});

test("the picture of a density holds all but the outermost hundredth", () => {
  const found = prior((z) => 10 + 2 * z);
  const bars = found.density(Axis.of(found));
  expect(bars.reduce((sum, { from, to, height }) => sum + (to - from) * height, 0)).toBeCloseTo(0.99, 6);
});

test("a prior over orders of magnitude has an axis by its logarithm, and both ways agree", () => {
  const wide = Axis.of(prior((z) => Math.exp(2 * z)));
  expect(wide.share(1)).toBeCloseTo(0.5, 6);
  expect(wide.number(wide.share(3))).toBeCloseTo(3, 9);
});
