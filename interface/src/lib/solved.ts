// What the document says where sliders have moved what is shown.
import type { NodeForecast } from "./answers";
import type { Workspace } from "./workspace.svelte";

/** What is shown is not what the document holds: sliders were moved since it was solved, or put back. */
export function isMoved(space: Workspace): boolean {
  return space.forecasts !== space.answers.forecasts;
}

/** A node's forecast as it was solved; undefined where that is what is shown. */
export function solvedForecast(space: Workspace, node: string): NodeForecast | undefined {
  return isMoved(space) ? space.answers.forecasts.find((one) => one.node === node) : undefined;
}
