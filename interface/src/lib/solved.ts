// The document's own forecasts, to be shown beside forecasts that sliders have changed.
import type { NodeForecast } from "./answers";
import type { Workspace } from "./workspace.svelte";

/** Whether the page shows other forecasts than the document, because sliders were moved (or put back) since it was solved. */
export function isMoved(space: Workspace): boolean {
  return space.forecasts !== space.answers.forecasts;
}

/** A node's forecast as it was solved; undefined if the page shows just that. */
export function solvedForecast(space: Workspace, node: string): NodeForecast | undefined {
  return isMoved(space) ? space.answers.forecasts.find((one) => one.node === node) : undefined;
}
