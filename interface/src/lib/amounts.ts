// Amounts of a deal as somebody types them: a number, a name or an expression, or several with commas between them.
import { isValue } from "./content";

/** What the case file writes: one amount, or a list of alternatives. */
export type WrittenAmounts = string | number | (string | number)[];

/** The text that reads as these amounts. */
export const spelledAmounts = (written: unknown): string => (Array.isArray(written) ? written.filter(isValue).join(", ") : isValue(written) ? String(written) : "");

/** Read amounts; null where nothing is typed. Commas in brackets belong to an expression. */
export function readAmounts(text: string): WrittenAmounts | null {
  const parts: string[] = [""];
  let depth = 0;
  for (const letter of text) {
    if (letter === "(" || letter === "[") depth += 1;
    if (letter === ")" || letter === "]") depth -= 1;
    if (letter === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  const read = parts.map((part) => part.trim()).filter(Boolean).map((part) => (Number.isFinite(Number(part)) ? Number(part) : part));
  return read.length > 1 ? read : (read[0] ?? null);
}

/** Whether an amount is a number other than 0, which needs a reason: a number of the case has one of its own. */
export const isPlainAmount = (written: unknown): boolean => (Array.isArray(written) ? written.some(isPlainAmount) : isValue(written) && Number.isFinite(Number(written)) && Number(written) !== 0);
