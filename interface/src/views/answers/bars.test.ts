import { expect, test } from "vitest";
import type { Answer, NodeForecast, WhatIf, Why } from "../../lib/answers";
import { pictured } from "./bars";

const asked = (kind: Answer["kind"], more: Partial<Answer> = {}): Answer => ({ name: "q", asks: "?", kind, sentences: [], outcomes: [], what_ifs: [], ...more });
const nothing = { forecasts: [], whatIfs: [], whys: [], deals: [] };

test("of an intervention each outcome shows the value that changes most, up or down", () => {
  const value = (label: string, before: number, after: number) => ({ value: label, label, before, after, difference: after - before, low: 0, high: 0 });
  const whatIf = { name: "w", outcomes: [{ node: "n", title: "EU", values: [value("holds", 0.7, 0.1), value("talks", 0.3, 0.7), value("sure", 0.5, 0.5)] }] } as unknown as WhatIf;
  expect(pictured(asked("what_if", { what_ifs: ["w"] }), { ...nothing, whatIfs: [whatIf] })).toEqual([
    { label: "EU: holds", length: 0.1, before: 0.7, says: "70% → 10%" },
  ]);
});

test("causes come by their share, and one below nothing has no length", () => {
  const cause = (title: string, mean: number) => ({ title, share: { mean } });
  const why = { name: "q", causes: [cause("less", -0.02), cause("much", 0.2)] } as unknown as Why;
  expect(pictured(asked("why"), { ...nothing, whys: [why] }).map((bar) => [bar.label, bar.length, bar.says])).toEqual([
    ["much", 0.2, "+20"],
    ["less", 0, "−2"],
  ]);
});

test("a forecast of one node is pictured, one over rounds is left to its fan", () => {
  const forecast = { node: "n", values: [{ label: "yes", probability: 0.42 }] } as unknown as NodeForecast;
  const source = { ...nothing, forecasts: [forecast] };
  expect(pictured(asked("forecast", { outcomes: ["n"] }), source)[0]?.says).toBe("42%");
  expect(pictured(asked("forecast", { outcomes: ["n@1", "n@2"] }), source)).toEqual([]);
});

test("a question whose answer is not there has no picture", () => {
  for (const kind of ["forecast", "what_if", "why", "deal"] as const) expect(pictured(asked(kind, { outcomes: ["n"] }), nothing)).toEqual([]);
});
