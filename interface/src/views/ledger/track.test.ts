import { expect, test } from "vitest";
import { track } from "../../testing/ledger";
import { apart, linesOf, newsWithin, range } from "./track";

test("the most likely value of the last run has the first line, with all its points", () => {
  const lines = linesOf(track(), (value) => `“${value}”`);
  expect(lines.map((one) => one.label)).toEqual(["“talk”", "“wait”"]);
  expect(lines[0]!.points.map((one) => one.chance)).toEqual([0.4, 0.7]);
});

test("a value that the node could not have yet has no point in that run", () => {
  const [first] = track().points;
  const lines = linesOf(track({ points: [{ ...first!, probabilities: [null, 1], lows: [null, 1], highs: [null, 1] }] }), String);
  expect(lines.find((one) => one.value === "talk")!.points[0]!.chance).toBeNull();
});

test("news is numbered by date, and only what lies within the picture", () => {
  const event = (date: string, kind = "recorded") => ({ date, kind, says: date });
  const news = newsWithin([event("2031-04-01"), event("2031-03-10"), event("2030-01-01"), event("2031-03-20", "open")], "2031-03-01", "2031-05-01");
  expect(news.map((one) => [one.number, one.date])).toEqual([[1, "2031-03-10"], [2, "2031-04-01"]]);
});

test("a picture reaches from the first run to the outcome; a single day has room on both sides", () => {
  const outcome = { value: "talk", date: "2031-05-02", source: "", why: "" };
  expect(range(track({ outcome }))).toEqual(["2031-03-01", "2031-05-02"]);
  expect(range(track({ points: [track().points[1]!] }))).toEqual(["2031-03-03", "2031-05-02"]);
});

test("labels that would cover each other are moved apart, and stay inside", () => {
  const moved = apart([50, 52, 51], 14, 60);
  const sorted = [...moved].sort((one, other) => one - other);
  expect(sorted[1]! - sorted[0]!).toBeGreaterThanOrEqual(14);
  expect(sorted[2]! - sorted[1]!).toBeGreaterThanOrEqual(14);
  expect(Math.max(...moved)).toBeLessThanOrEqual(60);
});
