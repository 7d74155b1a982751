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

test("a repeated outcome is pictured in the rounds that its sentence tells of: the one that changes most, and the last", () => {
  const point = (round: number, label: string, before: number, after: number) => ({ round, label, before, after, difference: after - before, low: 0, high: 0, bounds: null });
  const months = [point(1, "July", 900, 900), point(2, "August", 900, 890), point(3, "September", 1009, 600), point(4, "October", 800, 700), point(5, "November", 700, 690), point(6, "December", 600, 550)];
  const value = { value: 1, label: "1", before: 0.5, after: 0.5, difference: 0, low: 0, high: 0 };
  const whatIf = {
    name: "w", outcomes: months.map(({ round }) => ({ node: `held@${round}`, title: `Held, round ${round}`, values: [value] })),
    fans: [{ node: "held", title: "Held", value: null, label: "expected number", points: months }],
  } as unknown as WhatIf;
  expect(pictured(asked("what_if", { what_ifs: ["w"] }), { ...nothing, whatIfs: [whatIf] })).toEqual([
    { label: "Held, September", length: 600 / 1009, before: 1, says: "1,009 → 600" },
    { label: "Held, December", length: 550 / 1009, before: 600 / 1009, says: "600 → 550" },
  ]);
  const relief = { node: "relief", title: "Relief", value: "none", label: "none", points: [point(1, "July", 0.7, 0.7), point(2, "August", 0.7, 0.2)] };
  expect(pictured(asked("what_if", { what_ifs: ["w"] }), { ...nothing, whatIfs: [{ ...whatIf, outcomes: [], fans: [relief] } as unknown as WhatIf] })).toEqual([
    { label: "Relief: none, August", length: 0.2, before: 0.7, says: "70% → 20%" },
  ]);
});

test("that something does not arise is pictured only where there is nothing else", () => {
  const value = (name: string, before: number, after: number) => ({ value: name, label: name === "n/a" ? "does not arise" : name, before, after, difference: after - before, low: 0, high: 0 });
  const whatIf = (...values: ReturnType<typeof value>[]) => ({ name: "w", outcomes: [{ node: "n", title: "EU", values }] }) as unknown as WhatIf;
  const labels = (one: WhatIf) => pictured(asked("what_if", { what_ifs: ["w"] }), { ...nothing, whatIfs: [one] }).map((bar) => bar.label);
  expect(labels(whatIf(value("holds", 0.4, 0.1), value("talks", 0.3, 0.1), value("n/a", 0.3, 0.8)))).toEqual(["EU: holds"]);
  expect(labels(whatIf(value("n/a", 0.3, 0.8)))).toEqual(["EU: does not arise"]);
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
