import { expect, test } from "vitest";
import { interval, quantilesOf, readPrior, spelled, type Term } from "./typed_prior";

const TERMS: Term[] = [
  { word: "unlikely", below: 0.45 },
  { word: "roughly even chance", below: 0.55 },
  { word: "likely", below: 0.8 },
  { word: "almost certain", below: 1 },
];
const prior = (text: string, probability = true) => {
  const reading = readPrior(text, probability, TERMS);
  return "prior" in reading ? reading.prior : null;
};
const problem = (text: string, probability = true) => {
  const reading = readPrior(text, probability, TERMS);
  return "problem" in reading ? reading.problem : "";
};

test("ranges, words, numbers and shares of a hundred are read", () => {
  expect(prior("0.1 to 0.3")).toEqual({ between: [0.1, 0.3] });
  expect(prior("between 0.1 and .3")).toEqual({ between: [0.1, 0.3] });
  expect(prior("10–30%")).toEqual({ between: [0.1, 0.3] });
  expect(prior(" Likely ")).toBe("likely");
  expect(prior("30%")).toBe(0.3);
  expect(prior("-2 to 3.5", false)).toEqual({ between: [-2, 3.5] });
  expect(prior("uniform 0, 4", false)).toEqual({ uniform: [0, 4] });
  expect(prior("triangular [0, 1, 3]", false)).toEqual({ triangular: [0, 1, 3] });
});

test("what cannot be a prior is told with a remedy", () => {
  expect(problem("0.3 to 0.1")).toContain("lower end first");
  expect(problem("30")).toContain("30%");
  expect(problem("0 to 1")).toContain("ends excluded");
  expect(problem("0,3")).toContain("0.3");
  expect(problem("perhaps")).toContain("roughly even chance");
  expect(problem("likely", false)).not.toContain("likely");
  expect(problem("normal 0.2, 0.1")).toContain("0 to 1");
  expect(problem("\u0000")).not.toBe("");
});

test("what was read is spelled so that it reads the same", () => {
  for (const text of ["0.1 to 0.3", "likely", "0.3", "uniform 0.2, 0.4", "beta 2, 3"]) expect(prior(spelled(prior(text)))).toEqual(prior(text));
});

test("a range holds nine tenths, as `between` does in the case file", () => {
  // Lognormal, logit-normal and normal: the middle is the geometric mean, the middle of the logits, the mean.
  expect(quantilesOf({ between: [2, 8] }, false)![50]).toBeCloseTo(4, 9);
  expect(quantilesOf({ between: [0.2, 0.8] }, true)![50]).toBeCloseTo(0.5, 9);
  expect(quantilesOf({ between: [-2, 4] }, false)![50]).toBeCloseTo(1, 9);
  expect(interval({ between: [0.1, 0.3] }, true)![0]).toBeCloseTo(0.1, 9);
  expect(interval("likely", true, TERMS)![1]).toBeCloseTo(0.8, 9);
  // Five hundredths of a uniform distribution lie in its lowest twentieth.
  expect(interval({ uniform: [0, 4] }, false)![0]).toBeCloseTo(0.2, 5);
  expect(interval({ triangular: [0, 1, 3] }, false)![1]).toBeCloseTo(3 - Math.sqrt(0.05 * 3 * 2), 5);
});
