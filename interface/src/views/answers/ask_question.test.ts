import { expect, test } from "vitest";
import { CaseContent } from "../../lib/content";
import { nodesOf } from "../../lib/entries";
import { questionOperations, questionWords, type QuestionParts } from "./ask_question";

const WHOLE = {
  nodes: { offer: { title: "The offer", player: "home", domain: ["full", "token"] }, reply: { title: "The reply", player: "away", domain: ["frees", "keeps"], values: { frees: "frees all" } } },
  causes: { offer: { do: { offer: "full" } } },
  questions: { reply: { forecast: "reply" } },
};
const [offer, reply] = nodesOf(WHOLE) as [ReturnType<typeof nodesOf>[0], ReturnType<typeof nodesOf>[0]];
const operations = (parts: QuestionParts, typed = "") => questionOperations(parts, typed, new CaseContent(WHOLE));

test("a forecast is asked under a name that nothing has", () => {
  expect(operations({ kind: "forecast", node: reply }, "Will they be freed?")).toEqual([{ kind: "set", path: ["questions", "reply_2"], value: { asks: "Will they be freed?", forecast: "reply" } }]);
});

test("a what-if has the change, in words too, and an outcome that differs from it", () => {
  const change = { node: offer, value: "full" };
  expect(operations({ kind: "what_if", change, outcome: reply })).toEqual([
    { kind: "set", path: ["questions", "if_offer"], value: { asks: "What if “The offer” had been “full”?", what_if: { title: "“The offer” had been “full”", do: { offer: "full" } }, outcome: "reply" } },
  ]);
  expect(operations({ kind: "what_if", change, outcome: offer })).toBeNull();
});

test("why needs a cause, and what would have been otherwise becomes one", () => {
  const outcome = { node: reply, value: "frees" };
  expect(questionWords({ kind: "why", outcome, causes: [], otherwise: [] })).toBe("Why was “The reply” “frees all”?");
  expect(operations({ kind: "why", outcome, causes: [], otherwise: [] })).toBeNull();
  expect(operations({ kind: "why", outcome, causes: [], otherwise: [{ node: reply, value: "keeps" }] })).toBeNull();
  const made = operations({ kind: "why", outcome, causes: ["offer"], otherwise: [{ node: offer, value: "token" }] })!;
  expect(made.map((one) => "path" in one && one.path)).toEqual([["causes", "offer_2"], ["questions", "why_reply"]]);
  expect(made[1]).toMatchObject({ value: { why: { reply: "frees" }, causes: ["offer", "offer_2"] } });
});
