// The names of saved files: case, view, content, the case's `as_of` day, and the scenario, or whether sliders were moved.
import { fileName } from "./download";
import type { Workspace } from "./workspace.svelte";

/** What the sentence about the sliders is called in a file name: the scenario that it names, or that sliders were moved. */
function settingName(solvedWith: string): string {
  if (!solvedWith) return "";
  return /^Scenario “(.*?)”: /.exec(solvedWith)?.[1] ?? "sliders moved";
}

export function named(space: Workspace | undefined, what: string, ending: string, solvedWith = "", view = space?.view ?? ""): string {
  const { name = "backchannel", as_of = "" } = space?.answers.case ?? {};
  return fileName([name, view, what, as_of, settingName(solvedWith)], ending);
}
