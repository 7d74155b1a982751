// Nodes in words, for a reader who has never seen an influence diagram.
import type { DiagramNode, NodeForecast } from "./answers";
import { mostLikely } from "./forecasts";
import { percent } from "./format";

/** What can be selected in the diagram. */
export type Kind = DiagramNode["kind"] | "interest" | "good";

/** "decision of Washington", "chance", "follows from others". */
export function kindInWords(kind: Kind, player?: string): string {
  if (kind === "decision") return player ? `decision of ${player}` : "decision";
  if (kind === "interest") return player ? `interest of ${player}` : "interest";
  if (kind === "good") return "good, and the ways it takes";
  return kind === "chance" ? "chance" : "follows from others";
}

/**
 * The accessible name of a node: "US relief by mid-July, Washington's decision, recorded, most likely none 98%". It
 * begins with the visible text, so that users of speech control can say what they read.
 */
export function spoken(title: string, kind: Kind, player: string | undefined, forecast: NodeForecast | undefined): string {
  const likely = forecast && mostLikely(forecast);
  const own = kind === "decision" || kind === "interest";
  return [
    title,
    own && player ? `${player}'s ${kind}` : kindInWords(kind),
    forecast?.observed ? "recorded" : "",
    likely ? `most likely ${likely.label} ${percent(likely.probability)}` : "",
  ].filter(Boolean).join(", ");
}
