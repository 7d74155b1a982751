import { expect, test } from "vitest";
import { forecast, sample, value } from "../testing/sample";
import { quantiles, ticks } from "../views/rounds/fan";
import { at, folded, grouped, leftOut, mostLikely, stretch, tests } from "./forecasts";
import { span } from "./format";
import { rowsOf, scaleOf } from "../views/forecast/timeline";

test("open forecasts come in order of date; those in the past that nobody recorded are a group of their own", () => {
  const answers = sample();
  const groups = grouped(answers, answers.forecasts);
  expect(groups.open.map((forecast) => forecast.node)).toEqual(["reply", "parley"]);
  expect(groups.unseen.map((forecast) => forecast.node)).toEqual(["resolve"]);
  expect(groups.recorded.map((forecast) => forecast.node)).toEqual(["demand"]);
});

test("whiskers end at the ends of the axis", () => {
  expect(stretch(1, 1)).toEqual({ left: 100, width: 0 });
  expect(stretch(-0.2, 1.3)).toEqual({ left: 0, width: 100 });
  expect(stretch(0.75, 0.25)).toEqual({ left: 25, width: 50 });
  expect(at(Number.NaN)).toBe(0);
});

test("a range is one number if both ends are written the same", () => {
  expect([span(0.2, 0.75), span(1, 1), span(0.424, 0.421), span(0.001, 0.3), span(0.3, 0.999)]).toEqual(["20–75%", "100%", "42%", "<1% to 30%", "30% to >99%"]);
});

test("left-out draws are shown if they can move a number by half a point", () => {
  expect(leftOut(value("a", 0.5, { bounds: [0.499, 0.502] }))).toBeNull();
  expect(leftOut(value("a", 0.5, { bounds: [0.48, 0.53] }))).toEqual([0.48, 0.53]);
});

test("of a number on a grid, unlikely values are folded away, not dropped", () => {
  const many = forecast("stock", [...Array(8).keys()].map((i) => value(i * 100, i < 2 ? 0.5 : 0, { prior: 0, high: i < 2 ? 0.9 : 0 })));
  const { shown, rest } = folded(many);
  expect([shown.length, rest.length]).toEqual([2, 6]);
});

test("a forecast without values has no most likely value", () => {
  expect(mostLikely(forecast("empty", []))).toBeUndefined();
});

test("a test is one line, or one line per value", () => {
  expect(tests({ resolves: "by a list" })).toEqual([{ value: "", test: "by a list" }]);
  expect(tests({ resolves: { talk: "they meet" } })).toEqual([{ value: "talk", test: "they meet" }]);
  expect(tests({ resolves: null })).toEqual([]);
});

test("quantiles leave n/a out, and are values of the domain", () => {
  expect(quantiles(forecast("stock", [value(0, 0.2), value(100, 0.4), value(200, 0.2), value("n/a", 0.2)]))).toEqual([0, 0, 100, 100, 200]);
  expect(quantiles(forecast("stock", [value("n/a", 1)]))).toBeNull();
});

test("ticks are round numbers between the ends", () => {
  expect(ticks(0, 1500, 6)).toEqual([0, 250, 500, 750, 1000, 1250, 1500]);
  expect(ticks(0, 1, 2)).toEqual([0, 0.5, 1]);
  expect(ticks(3, 3, 5)).toEqual([3]);
});

test("the timeline shows recorded values, and the most likely value of open nodes", () => {
  const answers = sample();
  const rows = rowsOf(answers, (node) => answers.forecasts.find((one) => one.node === node));
  expect(rows.map((row) => row.items[0]!.says)).toEqual(["30", "most likely fight, 80%", "most likely talk, 70%"]);
});

test("repeated nodes share one row per round, but recorded ones have their own", () => {
  const point = (round: number, node: string) => ({ round, node, label: `round ${round}`, date: "2031-05-01", observed: false, probabilities: [], low: [], high: [], quantiles: [] });
  const event = (node: string, kind: string) => ({ date: "2031-05-01", node, title: node, kind, value: null, source: "", reliability: null });
  const answers = sample({
    rounds: [{ node: "move", title: "Move", points: [point(1, "move@1"), point(2, "move@2")] }, { node: "stock", title: "Stock", points: [point(1, "stock@1"), point(2, "stock@2")] }] as never,
    timeline: [event("move@1", "recorded"), event("stock@1", "open"), event("move@2", "open"), event("stock@2", "open")] as never,
  });
  expect(rowsOf(answers, () => undefined).map((row) => [row.round, row.items.length])).toEqual([["", 1], ["round 1", 1], ["round 2", 2]]);
});

test("days are placed to scale, and a single day in the middle", () => {
  const scale = scaleOf(["2031-01-01", "2031-03-02", "2031-03-02"]);
  expect(scale.at("2031-01-31")).toBeCloseTo(0.5);
  expect(scale.ticks.map((tick) => tick.label)).toEqual(["Feb 2031", "Mar"]);
  expect(scaleOf(["2031-01-01"]).at("2031-01-01")).toBe(0.5);
  expect(scaleOf(["2001-01-01", "2061-01-01"]).ticks.length).toBeLessThan(16);
});
