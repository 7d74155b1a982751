// With which sliders what is shown, or saved as a file, was solved: said wherever it is not the case as it is written.
import { getContext, setContext } from "svelte";
import { significant } from "./format";
import type { Workspace } from "./workspace.svelte";

const FOLLOWS = Symbol("follows the sliders");
const MOST_NAMED = 5;

/** Inside this component, figures and tables follow the sliders (or do not); elsewhere they show the document as it was solved. */
export const followSliders = (follows = true): void => void setContext(FOLLOWS, follows);

/** The sliders of what a figure or a table in this place shows, in a sentence; empty where there are none. */
export function settings(space: Workspace | undefined): () => string {
  const follows = getContext<boolean | undefined>(FOLLOWS) ?? false;
  return () => (space ? (follows ? followed(space) : (space.answers.run?.moved ?? "")) : "");
}

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
  return `${isReweighted ? "Reweighted" : "Solved"} with ${sliders} moved, not as the case is written: ${named.join("; ")}.`;
}
