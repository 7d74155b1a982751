// Nodes in the words of a reader who has never seen an influence diagram.
import type { DiagramNode, NodeForecast } from "./answers";
import { likeliest } from "./forecasts";
import { percent } from "./format";

/** "decision of Washington", "chance", "follows from others". */
export function kindInWords(kind: DiagramNode["kind"] | "interest", player?: string): string {
  if (kind === "decision") return player ? `decision of ${player}` : "decision";
  if (kind === "interest") return player ? `interest of ${player}` : "interest";
  return kind === "chance" ? "chance" : "follows from others";
}

/**
 * "US relief by mid-July, Washington's decision, recorded, likeliest none 98%": a node for those who hear it. It
 * begins with what is written in the shape, so that who speaks to the page can say what is read there.
 */
export function spoken(title: string, kind: DiagramNode["kind"] | "interest", player: string | undefined, forecast: NodeForecast | undefined): string {
  const likely = forecast && likeliest(forecast);
  const own = kind === "decision" || kind === "interest";
  return [
    title,
    own && player ? `${player}'s ${kind}` : kindInWords(kind),
    forecast?.observed ? "recorded" : "",
    likely ? `likeliest ${likely.label} ${percent(likely.probability)}` : "",
  ].filter(Boolean).join(", ");
}
