// A sentence that names the sliders with which a figure or a file was solved, unless it shows the case as it is written.
import { getContext, setContext } from "svelte";
import { significant } from "./format";
import { scenarioOf } from "./scenario";
import type { Workspace } from "./workspace.svelte";

const FOLLOWS = Symbol("follows the sliders");
const MOST_NAMED = 5;

/** Figures and tables inside this component follow the sliders, or do not. Outside they show the document as it was solved. */
export const followSliders = (follows = true): void => void setContext(FOLLOWS, follows);

/** Figures and tables inside this component rest on no sliders at all: they show what was entered earlier. */
export const apartFromSliders = (): void => void setContext(FOLLOWS, "apart");

/** A sentence that names the sliders behind a figure or a table in this place; empty if there are none. */
export function settings(space: Workspace | undefined): () => string {
  const follows = getContext<boolean | "apart" | undefined>(FOLLOWS) ?? false;
  return () => (space && follows !== "apart" ? (follows ? followed(space) : (space.answers.run?.moved ?? "")) : "");
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function followed(space: Workspace): string {
  const { target, isReweighted, columns } = space.shifting;
  const names = Object.keys(target);
  if (names.length === 0) return "";
  const labels = new Map(space.answers.assumptions.map((one) => [one.parameter, one.label]));
  const named = names.slice(0, MOST_NAMED).map((name) => {
    const believed = columns?.assumptions.get(name)?.prior.believed(target[name]!);
    const number = believed ? ` ${significant(believed.middle)} (${significant(believed.low)} to ${significant(believed.high)})` : "";
    return `${labels.get(name) ?? name}${number}`;
  });
  if (names.length > MOST_NAMED) named.push(`and ${names.length - MOST_NAMED} more`);
  const sliders = names.length === 1 ? "1 slider" : `${names.length} sliders`;
  const scenario = scenarioOf(space.answers, target);
  const how = isReweighted ? "reweighted" : "solved";
  return `${scenario ? `Scenario “${scenario}”: ${how}` : capital(how)} with ${sliders} moved, not as the case is written: ${named.join("; ")}.`;
}
