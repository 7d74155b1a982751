import { expect, test } from "vitest";
import FORMATS from "../testing/formats.json";
import { changeInPoints, day, endInPoints, estimativeWord, percent, points, significant } from "./format";

test("nothing possible is called impossible, nor sure", () => {
  expect([percent(0), percent(0.002), percent(0.417), percent(0.999), percent(1)]).toEqual(["0%", "<1%", "42%", ">99%", "100%"]);
});

test("differences carry their sign, and no difference none", () => {
  expect([points(0.04), points(-0.121), points(0.001), points(-0.001)]).toEqual(["+4", "−12", "0", "0"]);
});

test("a change beside both probabilities is the difference of what is shown", () => {
  for (const { before, after, text } of FORMATS.changes) expect(changeInPoints(before, after), `${before} to ${after}`).toBe(text);
  expect([endInPoints(0.306, 0.734, 0.428), endInPoints(0.306, 0.734, 0.2)]).toEqual(["+42", "+20"]);
});

test("numbers and terms are written as Python writes them", () => {
  for (const [share, text] of Object.entries(FORMATS.percent)) expect(percent(Number(share)), share).toBe(text);
  for (const [difference, text] of Object.entries(FORMATS.points)) expect(points(Number(difference)), difference).toBe(text);
  for (const [share, word] of Object.entries(FORMATS.estimative)) expect(estimativeWord(Number(share), FORMATS.vocabulary), share).toBe(word);
  expect(estimativeWord(0.5, null)).toBe("");
});

test("days and numbers read as people write them", () => {
  expect(day("2025-07-15")).toBe("15 July 2025");
  expect(day("2025-07")).toBe("July 2025");
  expect([significant(0.0305), significant(-1234.5), significant(0)]).toEqual(["0.0305", "−1,230", "0"]);
});
