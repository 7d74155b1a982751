import { expect, test } from "vitest";
import { assumption, effect, movable } from "../../testing/movable";
import { bare, grouped, inUnit, matches } from "./groups";

test("numbers are said as the case measures them", () => {
  expect([inUnit(0.42, "probability"), inUnit(8.04, "per utility unit"), inUnit(3, "")]).toEqual(["42%", "8.04 per utility unit", "3"]);
  expect([bare(0.42, "probability"), bare(8.04, "per utility unit")]).toEqual(["42%", "8.04"]);
});

test("a search asks for all of its words, wherever they stand", () => {
  const one = assumption("war_cost", { label: "Cost of fighting", reasons: [{ source: "inquiry", at: "p. 14", says: "closed the canal", judgement: "" }] });
  expect([matches(one, "cost CANAL"), matches(one, "cost moon"), matches(one, "")]).toEqual([true, false, true]);
});

test("an assumption is a player's by its name, or because only that player's interests speak of it", () => {
  const names = ["aria.precision", "war_cost", "toll", "p_high"];
  const answers = movable({
    assumptions: names.map((name) => assumption(name)),
    interests: [
      { player: "borland", worth: "-war_cost * (reply == 'fight') + toll" },
      { player: "aria", worth: "toll * postwar_cost" },
    ] as never,
  });
  const found = grouped(answers, "player", "").map((group) => [group.title, group.assumptions.map((one) => one.parameter)]);
  expect(found).toEqual([["Aria", ["aria.precision"]], ["Borland", ["war_cost"]], ["Of no single player", ["toll", "p_high"]]]);
});

test("what moves most comes first, in every group", () => {
  const answers = movable({ assumptions: ["a", "b", "c"].map((name) => assumption(name)) });
  answers.sensitivity.effects = [effect("b", { share: 0.6 }), effect("c", { share: 0.3 }), effect("a", { share: 0.01, stands_out: false })];
  expect(grouped(answers, "moves", "").map((group) => group.assumptions.map((one) => one.parameter))).toEqual([["b", "c"], ["a"]]);
  expect(grouped(answers, "weak", "").map((group) => group.assumptions.map((one) => one.parameter))).toEqual([["b", "c", "a"]]);
});
