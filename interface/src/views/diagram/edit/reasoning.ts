// How a player reasons, between the form of the file and a choice with a number.
import { entryOf, textOf } from "../../../lib/content";

export type ReasoningChoice = "equilibrium" | "level" | "hierarchy" | "mixture";

export const REASONINGS: { value: ReasoningChoice; says: string }[] = [
  { value: "equilibrium", says: "knows the odds of all others (equilibrium)" },
  { value: "level", says: "thinks a fixed number of steps ahead" },
  { value: "hierarchy", says: "takes the others for a mixture of lower levels" },
  { value: "mixture", says: "is one of several types" },
];
const DEFAULTS: Record<ReasoningChoice, unknown> = {
  equilibrium: "equilibrium", level: { level: 1 }, hierarchy: { hierarchy: 1.5 }, mixture: { mixture: { equilibrium: 0.5, "level 1": 0.5 } },
};

/** How a player's entry says that it reasons; the default is equilibrium. */
export function reasoningOf(written: unknown): { choice: ReasoningChoice; number: string } {
  const entry = entryOf(written);
  if ("level" in entry) return { choice: "level", number: textOf(entry["level"]) };
  if ("hierarchy" in entry) return { choice: "hierarchy", number: textOf(entry["hierarchy"]) };
  return { choice: "mixture" in entry ? "mixture" : "equilibrium", number: "" };
}

/** What to write for a choice. */
export const reasoningFor = (choice: string): unknown => DEFAULTS[choice as ReasoningChoice];
