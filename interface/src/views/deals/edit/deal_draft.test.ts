import { expect, test } from "vitest";
import { isPlainAmount, readAmounts, spelledAmounts } from "../../../lib/amounts";
import { addStep, dealOperations, draftOf, hasPlainAmounts, missingOf, moveStep, newDeal, removeStep, withPromises, withStep } from "./deal_draft";

const step = (decision: string, action: string) => ({ do: { [decision]: action } });
const DEAL = {
  parties: ["port", "guild"],
  steps: [step("frees", "all"), step("ships", "sends"), step("feast", "holds")],
  guarantees: [{ by: "guild", pays: { port: 0.1 }, after: 1 }, { by: "crown", punishes: { guild: 0.2 } }],
  why: { judgement: "desk" },
};
const PATH = ["deals", "swap"];

test("amounts are read as numbers, names and alternatives, and commas in brackets stay", () => {
  expect(readAmounts(" 0, 0.2 ")).toEqual([0, 0.2]);
  expect(readAmounts("max(shame, 0.2), 1")).toEqual(["max(shame, 0.2)", 1]);
  expect(readAmounts("shame")).toBe("shame");
  expect(readAmounts("  ")).toBeNull();
  expect(spelledAmounts([0, "shame"])).toBe("0, shame");
});

test("only a number that is no 0 needs a reason of its own", () => {
  expect([0, "shame", [0, "shame"], 0.2, ["shame", "0.2"]].map(isPlainAmount)).toEqual([false, false, false, true, true]);
  expect(hasPlainAmounts(DEAL)).toBe(true);
  expect(hasPlainAmounts({ breach: { port: "shame" } })).toBe(false);
});

test("a moved step is moved in the file, and a payment stays after the step that it follows", () => {
  const draft = moveStep(draftOf(DEAL), 0, 2);
  const operations = dealOperations("swap", DEAL, draft);
  expect(operations).toEqual([
    { kind: "move", path: [...PATH, "steps", 1], to: 0 },
    { kind: "move", path: [...PATH, "steps", 2], to: 1 },
    { kind: "set", path: PATH, value: { ...DEAL, steps: [DEAL.steps[1], DEAL.steps[2], DEAL.steps[0]], guarantees: [{ by: "guild", pays: { port: 0.1 }, after: 3 }, DEAL.guarantees[1]] } },
  ]);
});

test("a step that goes takes its comments with it, and a payment after it comes after all steps", () => {
  const draft = addStep(removeStep(draftOf(DEAL), 0));
  const filled = withStep(draft, 2, withPromises({}, [{ decision: "frees", actions: ["half", "all"] }]));
  expect(dealOperations("swap", DEAL, filled)).toEqual([
    { kind: "remove", path: [...PATH, "steps", 0] },
    { kind: "set", path: PATH, value: { ...DEAL, steps: [DEAL.steps[1], DEAL.steps[2], { do: { frees: ["half", "all"] } }], guarantees: [{ by: "guild", pays: { port: 0.1 } }, DEAL.guarantees[1]] } },
  ]);
});

test("what is missing is said in a sentence, step by step", () => {
  expect(missingOf({ ...DEAL, parties: ["port"] })).toBe("Tick at least two parties.");
  expect(missingOf(newDeal(["port", "guild", "crown"]).entry)).toBe("Step 1: choose whose decision is promised.");
  expect(missingOf({ ...DEAL, steps: [{ do: { frees: [] } }] })).toBe("Step 1: tick the action that is promised.");
  expect(missingOf({ ...DEAL, steps: [{ do: { frees: "all" }, together: "escrow" }] })).toContain("those of two players");
  expect(missingOf({ ...DEAL, guarantees: [{ pays: { port: null }, when: "kept" }] })).toContain("how much it is");
  expect(missingOf(DEAL)).toBe("");
});
