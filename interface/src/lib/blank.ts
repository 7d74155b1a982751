// The document of a case that has never been without problems, so that its diagram can be drawn from nothing.
import type { Answers } from "./answers";

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** A document that holds nothing but the head of a case. */
export function blank(content: Record<string, unknown>): Answers {
  return {
    document: "backchannel-answers", version: "",
    case: { name: "", title: text(content["case"]) || "New case", question: text(content["question"]), about: "", utility_unit: text(content["utility_unit"]), as_of: text(content["as_of"]) || "2030-01-01" },
    run: { draws: 0, draws_asked: 0, seed: 0, seconds: 0, versions: {}, solved: "nothing" },
    certificate: { draws: 0, effective_draws: 0, left_out: 0, line: "" },
    answers: [], forecasts: [], rounds: [], what_ifs: [], whys: [], deals: [], claims: [], assumptions: [], matter_most: [],
    players: [], nodes: [], interests: [], rules: [], timeline: [], sources: [], warnings: [],
    layout: { width: 300, height: 120, interests_from: 110, columns: [], nodes: [], edges: [], caption: "" },
  } as unknown as Answers;
}
