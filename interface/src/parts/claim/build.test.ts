import { expect, test } from "vitest";
import type { WrittenNode } from "../../lib/entries";
import { testOf, wordsOf, type ClaimParts, type Event } from "./build";

const node = (name: string, title: string, domain: (string | number)[], labels: Record<string, string> = {}): WrittenNode => ({ name, title, kind: "decision", player: "target", domain, when: "", day: "", repeats: false, labels });
const reply = node("comply", "The reply", ["yields", "defies"], { yields: "yields" });
const price = node("price", "The price", [0, 10]);
const yields: Event = { node: reply, value: "yields" };
const claim = (parts: Partial<ClaimParts>): ClaimParts => ({ subject: { kind: "chance", event: yields }, relation: { kind: "higher" }, condition: { kind: "none" }, ...parts });

test("a chance is compared with the case as it is, or with what is otherwise known", () => {
  const done = claim({ condition: { kind: "do", event: { node: price, value: 10 } } });
  expect(testOf(done)).toBe("P(comply == 'yields', do={'price': 10}) > P(comply == 'yields')");
  expect(wordsOf(done)).toBe("“The reply: yields” is more likely if “The price” is made “10” than as things are");
  const known = claim({ relation: { kind: "lower" }, condition: { kind: "given", event: { node: price, value: 10 } } });
  expect(testOf(known)).toBe("P(comply == 'yields', given=price == 10) < P(comply == 'yields', given=price != 10)");
  expect(wordsOf(known)).toBe("“The reply: yields” is less likely if “The price: 10” than otherwise");
  const undone = claim({ condition: { kind: "undo", cause: { name: "misread", absence: "Minsk had read it right" } } });
  expect(testOf(undone)).toBe("P(comply == 'yields', undo='misread') > P(comply == 'yields')");
  expect(wordsOf(undone)).toContain("if Minsk had read it right than as things are");
});

test("a bound needs no condition, a comparison does", () => {
  expect(testOf(claim({ relation: { kind: "least", number: 0.2 } }))).toBe("P(comply == 'yields') >= 0.2");
  expect(wordsOf(claim({ relation: { kind: "least", number: 0.2 } }))).toBe("“The reply: yields” has a chance of at least 20%");
  expect(testOf(claim({}))).toBeNull();
});

test("the best action of a player, and the worth of what comes", () => {
  const best = claim({ subject: { kind: "best", event: yields, player: "the target" }, condition: { kind: "given", event: { node: price, value: 0, isNot: true } } });
  expect(testOf(best)).toBe("best(comply, given=price != 0) == 'yields'");
  expect(wordsOf(best)).toBe("At “The reply”, “yields” is best for the target if “The price: not 0”");
  expect(testOf(claim({ subject: best.subject, condition: { kind: "do", event: yields } }))).toBeNull();
  const worth = claim({ subject: { kind: "worth", of: { name: "usa", title: "Washington" } }, relation: { kind: "most", number: -0.5 } });
  expect(testOf(worth)).toBe("E(usa) <= -0.5");
  expect(wordsOf(worth)).toBe("The worth of the outcome for Washington is at most -0.5");
});

test("a value with a quotation mark stays one value", () => {
  const odd = node("x", "X", ["it's"]);
  expect(testOf(claim({ subject: { kind: "chance", event: { node: odd, value: "it's" } }, relation: { kind: "least", number: 0.5 } }))).toBe("P(x == 'it\\'s') >= 0.5");
});
