import { expect, test } from "vitest";
import { numbersOf } from "./entries";
import { operationsFor, placeOf, recordable, valuesFrom } from "./use_sentence";

const CITED = { source: "inquiry", number: 3, quote: "" };
const CONTENT = {
  players: { aria: { name: "Aria" } },
  parameters: { cost: { about: "price of war", why: { judgement: "mine" } }, toll: { why: [{ judgement: "mine" }] }, bare: {} },
  nodes: { reply: { title: "The reply", domain: ["pay", "fight"], at: "2031-04-01" }, level: { domain: [10, 30] } },
  rounds: { nodes: { move: { domain: ["a", "b"] } } },
};

test("a reason joins those that a number has, in whatever form they are written", () => {
  const reason = { source: "inquiry", at: "¶ 3", says: "it was costly" };
  const of = (parameter: string) => operationsFor({ kind: "reason", parameter, says: "it was costly" }, CITED, CONTENT).operations[0];
  expect(of("cost")).toEqual({ kind: "set", path: ["parameters", "cost", "why"], value: [{ judgement: "mine" }, reason] });
  expect(of("toll")).toEqual({ kind: "insert", path: ["parameters", "toll", "why"], index: null, value: reason });
  expect(of("bare")).toEqual({ kind: "set", path: ["parameters", "bare", "why"], value: reason });
});

test("a player and a decision get names that are free", () => {
  expect(operationsFor({ kind: "player", name: "Ária" }, CITED, CONTENT).operations[0]).toMatchObject({ path: ["players", "aria_2"], value: { name: "Ária", why: { at: "¶ 3" } } });
  const decision = operationsFor({ kind: "decision", player: "aria", title: "Reply", values: ["yes", "some day"], day: "2031-05", done: "" }, CITED, CONTENT).operations;
  expect(decision).toEqual([expect.objectContaining({ path: ["nodes", "reply_2"], value: { title: "Reply", player: "aria", domain: ["yes", "some_day"], at: "2031-05", why: { source: "inquiry", at: "¶ 3" } } })]);
});

test("an entry of the record has the day and the place", () => {
  expect(operationsFor({ kind: "record", node: "reply", value: "pay", day: "2031-04-01" }, CITED, CONTENT).operations).toEqual([
    { kind: "insert", path: ["record"], index: null, value: { node: "reply", value: "pay", date: "2031-04-01", source: "inquiry", at: "¶ 3" } },
  ]);
});

test("nodes of rounds are offered in their first round, and numbers by what they are about", () => {
  expect(recordable(CONTENT).map((one) => one.name)).toEqual(["reply", "level", "move@1"]);
  expect(numbersOf(CONTENT).map((one) => one.title)).toEqual(["price of war", "toll", "bare"]);
});

test("an event has even odds, and what came about goes into the record", () => {
  const { operations, what } = operationsFor({ kind: "event", title: "The weather", values: ["a storm!", "sun"], day: "2031-03-01", done: "a storm!" }, { ...CITED, quote: "it blew" }, CONTENT);
  const place = { source: "inquiry", at: "¶ 3", quotes: "it blew" };
  expect(what).toBe("Add the chance node The weather");
  expect(operations).toEqual([
    { kind: "set", path: ["nodes", "weather"], value: { title: "The weather", chance: true, domain: ["a_storm", "sun"], odds: { a_storm: 1, sun: 1 }, values: { a_storm: "a storm!" }, at: "2031-03-01", why: place } },
    { kind: "insert", path: ["record"], index: null, value: { node: "weather", value: "a_storm", date: "2031-03-01", ...place } },
  ]);
});

test("values are names that differ, and numbers stay numbers", () => {
  expect(valuesFrom(["10", "20.5", "Frees all", "fights on", "fights-on", "全部"])).toEqual({ values: [10, 20.5, "frees_all", "fights_on", "fights_on_1", "value"], labels: { frees_all: "Frees all", fights_on_1: "fights-on", value: "全部" } });
  expect(placeOf(CITED)).toEqual({ source: "inquiry", at: "¶ 3" });
});
