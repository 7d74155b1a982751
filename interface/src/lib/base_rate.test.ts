import { expect, test } from "vitest";
import { writtenRate } from "./base_rate";

const rates = (...entries: unknown[]) => ({ base_rates: entries });

test("a base rate is found by its node, wherever it stands in the list", () => {
  const content = rates({ node: "reply", weight: 0.3 }, { node: "parley", weight: 0.8 });
  expect(writtenRate(content, "parley")).toEqual({ node: "parley", path: ["base_rates", 1, "weight"], weight: 0.8 });
  expect(writtenRate(content, "demand")).toBeNull();
  expect(writtenRate(content, "par")).toBeNull();
});

test("a name without a round means all rounds, with one only that, and a range those within it", () => {
  const content = rates({ node: "release@1" }, { node: "release@3..4" }, { node: "relief" }, { node: "talks@2.." });
  const found = (node: string) => writtenRate(content, node)?.path[1];
  expect(["release@1", "release@2", "release@3", "release@4", "release@5"].map(found)).toEqual([0, undefined, 1, 1, undefined]);
  expect(["relief@1", "relief@12", "talks@1", "talks@10", "release"].map(found)).toEqual([2, 2, undefined, 3, undefined]);
});

test("a weight that is left out is that of the case, or else even; one that is no number is none", () => {
  expect(writtenRate({ ...rates({ node: "reply" }), base_rate_weight: 0.7 }, "reply")?.weight).toBe(0.7);
  expect(writtenRate(rates({ node: "reply" }), "reply")?.weight).toBe(0.5);
  expect(writtenRate(rates({ node: "reply", weight: 0 }), "reply")?.weight).toBe(0);
  expect(writtenRate(rates({ node: "reply", weight: "half" }), "reply")?.weight).toBeNull();
});

test("a text whose base rates are not as they should be has none", () => {
  for (const base_rates of [undefined, null, "reply", { reply: 0.5 }, [null, 1, "reply", { weight: 1 }, { node: 3 }]]) {
    expect(writtenRate({ base_rates }, "reply")).toBeNull();
  }
});
