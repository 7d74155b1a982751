// How files are named: which case, which view, what of it, the day up to which the case knows, and whether sliders were moved.
import { fileName } from "./download";
import type { Workspace } from "./workspace.svelte";

export function named(space: Workspace | undefined, what: string, ending: string, solvedWith = "", view = space?.view ?? ""): string {
  const { name = "backchannel", as_of = "" } = space?.answers.case ?? {};
  return fileName([name, view, what, as_of, solvedWith ? "sliders moved" : ""], ending);
}
