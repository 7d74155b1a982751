// What rests on a source, laid beside its paragraphs.
import type { Answers, SourceUse } from "./answers";

/** A paragraph and what rests on it. */
export interface ParagraphRow {
  /** From 1, as `at: ¶ n` cites it. */
  number: number;
  /** Empty where the text is not on the page. */
  sentences: string[];
  uses: SourceUse[];
}

const PARTS: Record<string, string> = {
  parameters: "number", record: "record", claims: "claim", players: "player", nodes: "node", rounds: "node", interests: "interest",
  deals: "deal", quantities: "quantity", trade: "trade", beliefs: "belief", correlations: "correlation", base_rates: "base rate",
};

/** What kind of thing rests on a source, in a word. */
export const partInWords = (use: SourceUse): string => PARTS[use.part] ?? use.part;

/** The paragraphs of a source: all of them where the text is there, otherwise those that something cites. */
export function rowsOf(uses: SourceUse[], paragraphs: string[][]): ParagraphRow[] {
  const by = new Map<number, SourceUse[]>();
  for (const use of uses) for (const number of new Set(use.paragraphs)) by.set(number, [...(by.get(number) ?? []), use]);
  const numbers = paragraphs.length ? paragraphs.map((_, i) => i + 1) : [...by.keys()].sort((a, b) => a - b);
  return numbers.map((number) => ({ number, sentences: paragraphs[number - 1] ?? [], uses: by.get(number) ?? [] }));
}

/** What cites the source without a paragraph: another place, or the whole of it. */
export const elsewhere = (uses: SourceUse[]): SourceUse[] => uses.filter((use) => use.paragraphs.length === 0);

/** Where something that rests on a source is shown. */
export function viewOf(use: SourceUse): { view: string; node?: string; assumption?: string } {
  if (use.part === "parameters") return { view: "assumptions", assumption: use.name };
  if (use.part === "claims") return { view: "claims" };
  if (use.part === "deals") return { view: "deals" };
  if (["nodes", "rounds", "record", "interests", "base_rates"].includes(use.part)) return { view: "diagram", node: use.name };
  return { view: "diagram" };
}

/** The verdict on a claim that rests on a source; empty for anything else. */
export function verdictOn(use: SourceUse, answers: Answers): string {
  return use.part === "claims" ? (answers.claims.find((claim) => claim.id === use.name)?.verdict ?? "") : "";
}

/** The paragraphs that a place names, as Python reads them: `¶ 6`, `¶ 1, 5`, `¶ 3-5`. */
export function paragraphsOf(at: string): number[] {
  const numbers: number[] = [];
  for (const mark of at.matchAll(/(?:¶+|\bparas?\.?|\bparagraphs?)\s*((?:\d{1,6}(?:\s*[-–—]\s*\d{1,6})?(?:\s*(?:,|;|&|\band\b)\s*¶*\s*)?)+)/gi)) {
    for (const range of (mark[1] ?? "").matchAll(/(\d+)(?:\s*[-–—]\s*(\d+))?/g)) {
      const first = Number(range[1]);
      const last = Math.min(Number(range[2] ?? first), first + 1000);
      for (let number = first; number <= Math.max(last, first); number++) numbers.push(number);
    }
  }
  return [...new Set(numbers)];
}

/** A text in pieces, of which those that are quoted are marked. */
export function marked(text: string, quotes: string[]): { text: string; quoted: boolean }[] {
  const places = quotes.flatMap((quote) => {
    const at = quote ? text.indexOf(quote) : -1;
    return at < 0 ? [] : [{ from: at, to: at + quote.length }];
  }).sort((a, b) => a.from - b.from);
  const pieces: { text: string; quoted: boolean }[] = [];
  let done = 0;
  for (const { from, to } of places) {
    if (to <= done) continue;
    if (from > done) pieces.push({ text: text.slice(done, from), quoted: false });
    pieces.push({ text: text.slice(Math.max(from, done), to), quoted: true });
    done = to;
  }
  if (done < text.length) pieces.push({ text: text.slice(done), quoted: false });
  return pieces;
}
