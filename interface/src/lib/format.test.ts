import { expect, test } from "vitest";
import { day, estimativeWord, percent, points, significant } from "./format";

test("nothing possible is called impossible, nor sure", () => {
  expect([percent(0), percent(0.002), percent(0.417), percent(0.999), percent(1)]).toEqual(["0%", "<1%", "42%", ">99%", "100%"]);
});

test("differences carry their sign, and no difference none", () => {
  expect([points(0.04), points(-0.121), points(0.001), points(-0.001)]).toEqual(["+4", "−12", "0", "0"]);
});

test("the words are those of ICD 203", () => {
  expect([0.01, 0.19, 0.42, 0.5, 0.79, 0.9, 0.97].map(estimativeWord)).toEqual([
    "almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely", "very likely", "almost certain",
  ]);
});

test("days and numbers read as people write them", () => {
  expect(day("2025-07-15")).toBe("15 July 2025");
  expect([significant(0.0305), significant(-1234.5), significant(0)]).toEqual(["0.0305", "−1,230", "0"]);
});
