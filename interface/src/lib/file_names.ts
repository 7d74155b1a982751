// The names of saved files: case, view, content, the case's `as_of` day, and whether sliders were moved.
import { fileName } from "./download";
import type { Workspace } from "./workspace.svelte";

export function named(space: Workspace | undefined, what: string, ending: string, solvedWith = "", view = space?.view ?? ""): string {
  const { name = "backchannel", as_of = "" } = space?.answers.case ?? {};
  return fileName([name, view, what, as_of, solvedWith ? "sliders moved" : ""], ending);
}
