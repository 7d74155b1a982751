// Nodes in the words of a reader who has never seen an influence diagram.
import type { DiagramNode } from "./answers";

/** "decision of Washington", "chance", "follows from others". */
export function kindInWords(kind: DiagramNode["kind"] | "interest", player?: string): string {
  if (kind === "decision") return player ? `decision of ${player}` : "decision";
  if (kind === "interest") return player ? `interest of ${player}` : "interest";
  return kind === "chance" ? "chance" : "follows from others";
}
