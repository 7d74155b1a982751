// How files are named: which case, which view, what of it, and the day up to which the case knows.
import { fileName } from "./download";
import type { Workspace } from "./workspace.svelte";

export function named(space: Workspace | undefined, what: string, ending: string, view = space?.view ?? ""): string {
  const { name = "backchannel", as_of = "" } = space?.answers.case ?? {};
  return fileName([name, view, what, as_of], ending);
}
