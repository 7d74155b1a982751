// Where the prior of an assumption stands in the case file.
import type { Path } from "../../lib/entries";

interface Place {
  /** The prior. */
  path: Path;
  /** Its reasons. */
  why: Path;
}

/** The place of a parameter or of a player's precision; null where the file has no prior of its own for the number. */
export function numberPlace(content: Record<string, unknown>, name: string): Place | null {
  const at = (...path: string[]) => path.reduce<unknown>((value, key) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined), content);
  const prior = at("parameters", name, "prior");
  if (prior !== undefined) return { path: ["parameters", name, "prior"], why: ["parameters", name, "why"] };
  const [player, key] = name.split(".");
  if (key === "precision" && at("players", player!) !== undefined) return { path: ["players", player!, "precision"], why: ["players", player!, "why"] };
  return null;
}
