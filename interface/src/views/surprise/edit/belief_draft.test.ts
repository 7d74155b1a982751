import { expect, test } from "vitest";
import { missingOf, numberGroups, otherBeliefs, subjectsOf, withDescription, withOther, withoutRow, withRow } from "./belief_draft";

const CONTENT = {
  players: { us: { name: "Washington" }, blr: { name: "Minsk" } },
  parameters: { base: { about: "what the base counts", unit: "probability" }, cost: { about: "cost of hawks" }, cost_2: {} },
  interests: { gain: { player: "us", worth: "base * (reply == 'frees')" }, rest: { player: "blr", worth: { table: "reply", frees: "-cost" } } },
  beliefs: { blr: { parameters: { base: "likely" }, about: { us: { parameters: { base: 0.2 } } } } },
};

test("numbers stand under the player whose aims they are in", () => {
  expect(numberGroups(CONTENT).map(({ title, numbers }) => [title, numbers.map(({ name }) => name)])).toEqual([
    ["What Washington wants", ["base"]], ["What Minsk wants", ["cost"]], ["Other numbers", ["cost_2"]], ["How sharply players choose", ["us.precision", "blr.precision"]],
  ]);
});

test("a number can be what another player believes it to be, by the chain of who thinks so", () => {
  expect(otherBeliefs(CONTENT, "base", ["us"]).map(({ name }) => name)).toEqual(["blr.base", "blr.us.base"]);
  expect(otherBeliefs(CONTENT, "base", ["blr"]).map(({ name }) => name)).toEqual(["blr.us.base"]);
});

test("rows come and go with their sections, and a description makes room for players", () => {
  const described = withDescription({}, "misreads the base");
  expect(described).toEqual({ about: "misreads the base" });
  const nested = withRow(described, "about", "us", "true_case");
  expect(nested).toEqual({ about: { us: "true_case" }, in_words: "misreads the base" });
  expect(withDescription(nested, "misreads all")).toEqual({ about: { us: "true_case" }, in_words: "misreads all" });
  const unaware = withRow(nested, "actions", "reply", ["frees"]);
  expect(unaware["unaware"]).toEqual({ actions: { reply: ["frees"] } });
  expect(subjectsOf(unaware)).toEqual(["reply", "us"]);
  expect(withoutRow(unaware, "actions", "reply")).toEqual(nested);
  expect(withOther(unaware, "actions", "reply", "offer", [])["unaware"]).toEqual({ actions: { offer: [] } });
});

test("what is missing is said for nested beliefs too", () => {
  const titled = (name: string) => `the ${name}`;
  expect(missingOf({ parameters: { base: null } }, titled)).toBe("Say what is believed of: the base.");
  expect(missingOf({ about: { us: { nodes: { reply: { odds: { frees: "", keeps: 1 } } } } } }, titled)).toBe("Say how likely each value is believed to be: the reply.");
  expect(missingOf({ unaware: { actions: { reply: [] } } }, titled)).toContain("has not thought of");
  expect(missingOf({ nodes: { reply: "true_case" }, about: { us: "actual" } }, titled)).toBe("");
});
