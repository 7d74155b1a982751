// The number of a bottom line as it is with the sliders, for a line that was solved with others.
import type { BottomLine, NodeForecast, WhatIf } from "../../lib/answers";
import { endInPoints, percent } from "../../lib/format";

/** What the line is about and its number with the sliders; empty where the number cannot follow them. */
export function followed(line: BottomLine, forecasts: NodeForecast[], whatIfs: WhatIf[]): string {
  if (!line.node) return "";
  if (line.unit === "probability" && !line.what_if) {
    const value = forecasts.find((one) => one.node === line.node)?.values.find((one) => one.value === line.value);
    return value ? `“${line.of}” has ${percent(value.probability)} (${percent(value.low)} to ${percent(value.high)})` : "";
  }
  if (line.unit !== "points") return "";
  const outcome = whatIfs.find((one) => one.name === line.what_if)?.outcomes.find((one) => one.node === line.node);
  const change = outcome?.values.find((one) => one.value === line.value);
  return change ? `“${line.of}” has ${percent(change.after)} instead of ${percent(change.before)} (${endInPoints(change.before, change.after, change.low)} to ${endInPoints(change.before, change.after, change.high)} points)` : "";
}
