import { expect, test } from "vitest";
import { identifierOf, nodesOf, numbersOf, operationsFor } from "./use_sentence";

const CITED = { source: "inquiry", number: 3, quote: "" };
const CONTENT = {
  players: { aria: { name: "Aria" } },
  parameters: { cost: { about: "price of war", why: { judgement: "mine" } }, toll: { why: [{ judgement: "mine" }] }, bare: {} },
  nodes: { reply: { title: "The reply", domain: ["pay", "fight"], at: "2031-04-01" }, level: { domain: [10, 30] } },
  rounds: { nodes: { move: { domain: ["a", "b"] } } },
};

test("a claim cites its paragraph and has a test that can be read", () => {
  const { operations } = operationsFor({ kind: "claim", says: "They will pay", node: "reply", value: "pay", isLikely: true }, CITED, CONTENT);
  expect(operations).toEqual([{ kind: "insert", path: ["claims"], index: null, value: { says: "They will pay", source: "inquiry", at: "¶ 3", test: "P(reply == 'pay') > 0.5" } }]);
  const number = operationsFor({ kind: "claim", says: "x", node: "level", value: 30, isLikely: false }, { ...CITED, quote: "thirty" }, CONTENT).operations[0];
  expect(number).toMatchObject({ value: { test: "P(level == 30) < 0.5", quotes: "thirty" } });
});

test("a reason joins those that a number has, in whatever form they are written", () => {
  const reason = { source: "inquiry", at: "¶ 3", says: "it was costly" };
  const of = (parameter: string) => operationsFor({ kind: "reason", parameter, says: "it was costly" }, CITED, CONTENT).operations[0];
  expect(of("cost")).toEqual({ kind: "set", path: ["parameters", "cost", "why"], value: [{ judgement: "mine" }, reason] });
  expect(of("toll")).toEqual({ kind: "insert", path: ["parameters", "toll", "why"], index: null, value: reason });
  expect(of("bare")).toEqual({ kind: "set", path: ["parameters", "bare", "why"], value: reason });
});

test("a player and a decision get names that are free", () => {
  expect(operationsFor({ kind: "player", name: "Ária" }, CITED, CONTENT).operations[0]).toMatchObject({ path: ["players", "aria_2"], value: { name: "Ária", why: { at: "¶ 3" } } });
  const decision = operationsFor({ kind: "decision", player: "aria", title: "Reply", values: ["yes", "later"], day: "2031-05" }, CITED, CONTENT).operations[0];
  expect(decision).toMatchObject({ path: ["nodes", "reply_2"], value: { player: "aria", domain: ["yes", "later"], at: "2031-05" } });
});

test("names are made as Python makes them", () => {
  expect(identifierOf("The White House", ["white_house"], "player")).toBe("white_house_2");
  expect(identifierOf("Élysée", [], "player")).toBe("elysee");
  expect(identifierOf("北京", [], "player")).toBe("player");
});

test("an entry of the record has the day and the place", () => {
  expect(operationsFor({ kind: "record", node: "reply", value: "pay", day: "2031-04-01" }, CITED, CONTENT).operations).toEqual([
    { kind: "insert", path: ["record"], index: null, value: { node: "reply", value: "pay", date: "2031-04-01", source: "inquiry", at: "¶ 3" } },
  ]);
});

test("nodes of rounds are offered in their first round, and numbers by what they are about", () => {
  expect(nodesOf(CONTENT).map((one) => one.name)).toEqual(["reply", "level", "move@1"]);
  expect(numbersOf(CONTENT).map((one) => one.title)).toEqual(["price of war", "toll", "bare"]);
});
