import { expect, test } from "vitest";
import type { Answers } from "../../lib/answers";
import { GAS, ROUNDS, SHUT_ROUNDS } from "../../testing/gas";
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

const rowsOf = (answers: Partial<Answers>, title: string) => {
  const { head, rows } = allTables({ ...ANSWERS, ...answers }).find((one) => one.title === title)!;
  return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])));
};

test("a good as it is has a row for each route, and for what each place gets and pays", () => {
  const rows = rowsOf({ goods: [GAS] }, "Goods");
  expect(rows.map((row) => [row["what"], row["of"], row["unit"], row["expected"]])).toEqual([
    ["flow", "by the north road", "barrels", 10],
    ["flow", "through Borland and its mountains", "barrels", 5],
    ["flow", "by ship", "barrels", 20],
    ["arrives", "the city", "barrels", 15],
    ["arrives", "the port", "barrels", 20],
    ["price", "the city", "mark-up in logarithms", Math.log(2)],
    ["price", "the port", "mark-up in logarithms", null],
  ]);
  expect(rows[1]).toMatchObject({ good: "gas", round: null, from: "well", through: "Borland", to: "city", "5% of draws below": 2.5, "5% of draws above": 10 });
});

test("a good that follows the rounds has these rows in each, without and with a change", () => {
  const goods = rowsOf({ goods: [ROUNDS] }, "Goods");
  expect(goods.filter((row) => row["of"] === "by the north road").map((row) => [row["round"], row["expected"]])).toEqual([[1, 10], [2, 8]]);
  const flows = rowsOf({ flows: [SHUT_ROUNDS] } as unknown as Partial<Answers>, "Flows");
  expect(flows).toHaveLength(2 * 6);
  expect(flows[7]).toMatchObject({ "what if": "the gate shut", round: 2, what: "flow", of: "through Borland and its mountains", before: 5, after: 9, difference: 4, "5% of draws below": 3, "5% of draws above": 5 });
});
