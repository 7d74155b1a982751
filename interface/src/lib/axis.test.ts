import { expect, test } from "vitest";
import { axis, place } from "./axis";
import { wrap } from "./wrap";

test("an axis holds every number and 0, and its ends are marks", () => {
  const on = axis([-0.029, 0.43]);
  expect(on.ticks[0]).toBeLessThanOrEqual(-0.029);
  expect(on.ticks.at(-1)).toBeGreaterThanOrEqual(0.43);
  expect(on.ticks).toContain(0);
  expect([on.low, on.high]).toEqual([on.ticks[0], on.ticks.at(-1)]);
});

test("nothing but zeros still has an axis", () => {
  expect(axis([0, 0]).high).toBeGreaterThan(0);
  expect(axis([]).ticks.length).toBeGreaterThan(1);
});

test("an axis with given ends keeps them", () => {
  expect(axis([], { ends: [0, 1] }).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
});

test("what lies beyond an axis is drawn at its end", () => {
  const x = place(axis([], { ends: [0, 1] }), 10, 110);
  expect([x(-3), x(0.5), x(7)]).toEqual([10, 60, 110]);
});

test("a wrapped text loses nothing, not even of a word without end", () => {
  const text = `a few words and ${"x".repeat(90)}<script>`;
  const lines = wrap(text, 140, 13);
  expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(18);
  expect(wrap("", 140, 13)).toEqual([""]);
});
