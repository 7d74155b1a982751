import { expect, test, vi } from "vitest";
import type { Answers } from "./answers";
import { DRAWS } from "../testing/closed_form";
import { EachFrame } from "./frame";
import { Shifting } from "./shifting.svelte";

const value = (name: string) => ({ value: name, label: name, probability: 0.5, low: 0.3, high: 0.7, bounds: [0.5, 0.5], word: "roughly even chance", prior: 0.5, quantiles: [], histogram: [] });
const change = (name: string) => ({ value: name, label: name, before: 0.5, after: 0.55, difference: 0.05, low: 0.05, high: 0.05 });
const document = {
  certificate: { draws: 4096, effective_draws: 4096 },
  forecasts: [{ node: "outcome", title: "Outcome", values: [value("yes"), value("no")] }],
  what_ifs: [{ name: "push", outcomes: [{ node: "outcome", title: "Outcome", values: [change("yes"), change("no")] }] }],
  draws: DRAWS,
} as unknown as Answers;
const frame = () => new Promise((done) => requestAnimationFrame(done));

test("nothing moved: the document's own forecasts", () => {
  const space = new Shifting(() => document);
  expect(space.forecasts).toBe(document.forecasts);
  expect([space.effective, space.low, space.weighed]).toEqual([4096, false, false]);
});

test("a burst of a hundred inputs costs one frame and ends on the last", async () => {
  const space = new Shifting(() => document);
  for (let i = 1; i <= 100; i++) space.move("height", i / 100);
  expect(space.moved).toEqual([]);
  await frame();
  expect(space.shifts).toEqual({ height: 1 });
  const [yes] = space.forecasts[0]!.values;
  expect(yes!.probability).toBeCloseTo(0.6, 3);
  expect(yes!.word).toBe("likely");
  expect(yes!.prior).toBeCloseTo(0.6, 3);
  expect(yes!.histogram.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
});

test("a what-if is weighed on both sides, and its difference stays paired", async () => {
  const space = new Shifting(() => document);
  space.move("height", 1);
  await frame();
  const [yes, no] = space.whatIfs[0]!.outcomes[0]!.values;
  expect(yes!.before).toBeCloseTo(0.6, 3);
  expect(yes!.after).toBeCloseTo(0.65, 3);
  for (const number of [yes!.difference, yes!.low, yes!.high, -no!.difference]) expect(number).toBeCloseTo(0.05, 3);
});

test("putting sliders back gives the document's own numbers back", async () => {
  const space = new Shifting(() => document);
  space.move("height", 1);
  space.move("other", -1);
  await frame();
  space.move("height", null);
  await frame();
  expect(space.moved).toEqual(["other"]);
  space.reset();
  expect(space.forecasts).toBe(document.forecasts);
});

test("too few draws are noticed", async () => {
  const space = new Shifting(() => document);
  space.move("height", 2.5);
  await frame();
  expect(space.effective).toBeLessThan(100);
  expect(space.low).toBe(true);
});

test("inputs of several sliders in one frame are all applied, a later one in the next", () => {
  const apply = vi.fn();
  const frames: (() => void)[] = [];
  const inputs = new EachFrame<number>(apply, (then) => frames.push(then));
  inputs.push("a", 1);
  inputs.push("b", 2);
  inputs.push("a", 3);
  frames.shift()!();
  inputs.push("a", 4);
  frames.shift()!();
  expect(apply.mock.calls).toEqual([[{ a: 3, b: 2 }], [{ a: 4 }]]);
  expect(frames).toEqual([]);
});
