import { expect, test } from "vitest";
import type { Answers } from "../../lib/answers";
import { allTables } from "./all";

const READING = { mean: 0.4, low: 0.1, high: 0.7, error: 0.01, independent: 0.5, independent_low: 0.2, independent_high: 0.8 };
const ANSWERS = {
  case: { name: "canal", title: "Canal", question: "Why?", about: "", utility_unit: "tolls", as_of: "2031-04-02" },
  run: { draws: 64, draws_asked: 64, seed: 1, seconds: 1, versions: { backchannel: "0.1.0" } },
  certificate: { line: "64 draws", effective_draws: 60.5, left_out: 0 },
  answers: [{ name: "next", asks: "What next?", kind: "forecast", sentences: ["Talks are likely.", "Or not."], outcomes: [], what_ifs: [] }],
  forecasts: [{ node: "parley", title: "Parley", date: null, observed: false, resolves: null, assumptions: [], values: [{ value: "talk", label: "talk", probability: 0.625, low: 0.4, high: 0.9, bounds: [0.6, 0.7], word: "likely", prior: 0.5, quantiles: [], histogram: [] }] }],
  what_ifs: [],
  whys: [{ asks: "Why?", title: "Reply", label: "fight", causes: [{ cause: "misread", title: "misread", share: READING, necessity: READING, sufficiency: READING, bounds: null }], apart: [] }],
  claims: [],
  deals: [],
  surprise: null,
  watch: { indicators: [], labels: [] },
  assumptions: [],
  sensitivity: { title: "Parley", label: "talk", effects: [], tipping: [], solved_tipping: null, information: null },
  nodes: [],
  interests: [],
  rules: [{ decision: "reply", sees: ["demand"], actions: ["pay", "fight"], contexts: [[10], [50]], probabilities: [[0.75, 0.25], [0.125, 0.875]] }],
  timeline: [],
  sources: [],
  warnings: ["odd"],
} as unknown as Answers;

const named = (title: string) => allTables(ANSWERS).find((one) => one.title === title)!;

test("tables without rows are left out, and the first says what was run", () => {
  expect(allTables(ANSWERS).map((one) => one.title)).toEqual(["About", "Answers", "Forecasts", "Why", "Decision rules"]);
  expect(named("About").rows).toContainEqual(["warning", "odd"]);
});

test("numbers are written in full and as numbers, what is unknown as nothing", () => {
  const { head, rows } = named("Forecasts");
  const row = Object.fromEntries(head.map((title, i) => [title, rows[0]![i]]));
  expect(row).toMatchObject({ chance: 0.625, date: null, "in the record": "no", "draws left out at 0": 0.6, "draws left out at 1": 0.7 });
  expect(named("Why").rows[0]!.at(-1)).toBeNull();
});

test("a decision rule is one row for each action in each context", () => {
  expect(named("Decision rules").rows).toEqual([
    ["reply", "demand: 10", "pay", 0.75],
    ["reply", "demand: 10", "fight", 0.25],
    ["reply", "demand: 50", "pay", 0.125],
    ["reply", "demand: 50", "fight", 0.875],
  ]);
});
