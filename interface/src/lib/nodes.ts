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

/** "US relief by mid-July, decision of Washington, recorded, likeliest none 98%": a node for those who hear it. */
export function spoken(title: string, kind: DiagramNode["kind"] | "interest", player: string | undefined, forecast: NodeForecast | undefined): string {
  const likely = forecast && likeliest(forecast);
  return [
    title,
    kindInWords(kind, player),
    forecast?.observed ? "recorded" : "",
    likely ? `likeliest ${likely.label} ${percent(likely.probability)}` : "",
  ].filter(Boolean).join(", ");
}
