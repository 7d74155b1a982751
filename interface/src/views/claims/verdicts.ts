// Verdicts with their symbols and colours, and how a claim's numbers are written.
import type { Answers, ClaimFinding } from "../../lib/answers";
import { change, percent, shownChange, significant } from "../../lib/format";

export interface Verdict {
  word: string;
  symbol: string;
  colour: string;
  means: string;
}

// How a verdict is drawn; its word and what it means are in the document.
const DRAWN: Record<string, { symbol: string; colour: string }> = {
  "borne out": { symbol: "✓", colour: "var(--up)" },
  "leans towards it": { symbol: "↗", colour: "var(--up)" },
  open: { symbol: "?", colour: "var(--ink-soft)" },
  "leans against it": { symbol: "↘", colour: "var(--down)" },
  contradicted: { symbol: "✗", colour: "var(--down)" },
  "no difference": { symbol: "≈", colour: "var(--ink-soft)" },
  "built in": { symbol: "▣", colour: "var(--accent)" },
};

/** A verdict as it is drawn; one that this page does not know is shown as its word. */
export function verdictOf(word: string, means = ""): Verdict {
  return { word, means, ...(DRAWN[word] ?? { symbol: "·", colour: "var(--ink-soft)" }) };
}

/** All verdicts of the document's vocabulary, in its order. */
export const verdictsOf = (answers: Answers): Verdict[] => (answers.vocabulary?.verdicts ?? []).map(({ word, means }) => verdictOf(word, means));

/** Whether both sides of a claim are chances; else they are worths, in the case's unit. */
export function ofChances(claim: ClaimFinding): boolean {
  const inside = [claim.left, claim.right].every((side) => side === null || (side >= 0 && side <= 1));
  return inside && !/\bE\s*\(/.test(claim.test);
}

/** Whether two chances differ so little that their difference is written to a tenth of a point, and both sides with it. */
export function inTenths(claim: ClaimFinding): boolean {
  return claim.difference !== null && ofChances(claim) && Math.abs(100 * claim.difference) < 9.95;
}

/** One side as it is written. */
export function side(value: number, chances: boolean, tenths = false): string {
  if (chances && tenths) return `${(100 * value).toFixed(1)}%`;
  return chances ? percent(value) : significant(value, 3);
}

/** The difference of both sides as they are written; as it is, where they are no chances or one side has none. */
export function shownDifference(claim: ClaimFinding, difference: number): number {
  if (claim.left === null || claim.right === null || !ofChances(claim)) return difference;
  if (!inTenths(claim)) return shownChange(claim.right, claim.left);
  return (Number((100 * claim.left).toFixed(1)) - Number((100 * claim.right).toFixed(1))) / 100;
}

/** A difference with its sign; chances in points, to a tenth where it is small. */
export function gap(value: number, chances: boolean): string {
  if (!chances) return Math.abs(value) < 5e-4 ? "0" : change(value, 2);
  const points = 100 * value;
  return Math.abs(points) < 0.05 ? "0" : change(points, Math.abs(points) < 9.95 ? 1 + Number(Math.abs(points) >= 1) : 2);
}

/** Both sides of a comparison as the case writes them, with what stands between; null where there is no one comparison. */
export function parts(test: string): { left: string; sign: string; right: string } | null {
  let found: { left: string; sign: string; right: string } | null = null;
  let depth = 0;
  let quote = "";
  for (let i = 0; i < test.length; i++) {
    const letter = test[i] as string;
    if (quote) {
      if (letter === quote) quote = "";
    } else if (letter === "'" || letter === '"') quote = letter;
    else if ("([{".includes(letter)) depth++;
    else if (")]}".includes(letter)) depth--;
    else if (depth === 0) {
      const rest = test.slice(i);
      if (/^\s(and|or|not|if|else)\s/.test(rest)) return null;
      const sign = /^(<=|>=|==|!=|<|>)/.exec(rest)?.[0];
      if (!sign) continue;
      if (found) return null;
      found = { left: test.slice(0, i).trim(), sign, right: rest.slice(sign.length).trim() };
      i += sign.length - 1;
    }
  }
  return found;
}
