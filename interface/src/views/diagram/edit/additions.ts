// What is added: a name that is free, and an entry with which the case can still be checked.
import type { Operation } from "../../../lib/messages";
import type { CaseContent, Entry } from "../../../lib/content";
import { evenWeights } from "./mechanism";
import { later, toTime } from "./dates";
import { numbered } from "../../../lib/names";

export type Addable = "decision" | "chance" | "derived" | "interest" | "player";

export interface Addition {
  name: string;
  operations: Operation[];
  /** An order, for the history. */
  what: string;
}

const BASES: Record<Addable, string> = { decision: "decision", chance: "event", derived: "result", interest: "interest", player: "player" };
export const ADDABLE: { kind: Addable; says: string; article: string; key: string }[] = [
  { kind: "decision", says: "decision", article: "a", key: "d" },
  { kind: "chance", says: "chance node", article: "a", key: "c" },
  { kind: "derived", says: "derived node", article: "a", key: "v" },
  { kind: "interest", says: "interest", article: "an", key: "i" },
  { kind: "player", says: "player", article: "a", key: "p" },
];
const JUDGEMENT = { judgement: "my estimate" };
const NOT_DATED = "2030-01-01";

/**
 * An addition to the case.
 *
 * @param content The case.
 * @param kind What is added.
 * @param beside The node that is selected: what is added follows it, if that makes sense.
 * @param day The day where it was put; without it, after the node beside it or after everything.
 */
export function addition(content: CaseContent, kind: Addable, beside: string | null, day: string | null): Addition {
  const name = numbered(BASES[kind], content.taken);
  const operations: Operation[] = [];
  const player = kind === "decision" || kind === "interest" ? playerFor(content, beside, operations) : "";
  const set = (path: (string | number)[], value: unknown) => operations.push({ kind: "set", path, value } as Operation);
  const at = day ?? dayFor(content, beside);
  if (kind === "player") set(["players", name], { name: "New player" });
  else if (kind === "interest") set(["interests", name], { player, worth: worthOf(content, beside), about: "New interest" });
  else if (kind === "decision") set(["nodes", name], decisionEntry(content, player, at, beside));
  else if (kind === "chance") {
    set(["nodes", name], { title: "New event", chance: true, domain: ["happens", "fails"], odds: evenWeights(["happens", "fails"]), at, why: JUDGEMENT });
  } else set(["nodes", name], { title: "New result", ...derivedOf(content, beside) });
  return { name, operations, what: `Add the ${ADDABLE.find((other) => other.kind === kind)!.says} ${name}` };
}

/** The player of what is selected, or else the first; where there is none, one is added. */
function playerFor(content: CaseContent, beside: string | null, operations: Operation[]): string {
  const owner = beside === null ? undefined : (content.node(beside) ?? content.interest(beside))?.["player"];
  const [first] = Object.keys(content.players);
  if (typeof owner === "string" && owner in content.players) return owner;
  if (first !== undefined) return first;
  const name = numbered("player", content.taken);
  operations.push({ kind: "set", path: ["players", name], value: { name: "New player" } } as Operation);
  return name;
}

function decisionEntry(content: CaseContent, player: string, at: string, beside: string | null): Entry {
  const date = beside === null ? "" : content.date(beside);
  const sees = !content.isPublic && beside !== null && content.node(beside) !== null && (date === "" || toTime(date) < toTime(at)) && !content.repeats(beside);
  return { title: "New decision", player, domain: ["act", "wait"], ...(sees ? { sees: [beside] } : {}), at };
}

function dayFor(content: CaseContent, beside: string | null): string {
  const date = beside === null ? "" : content.date(beside);
  if (date) return later(date, 7);
  const dates = [...content.nodeNames.map(content.date), content.asOf].filter(Boolean);
  const last = dates.sort((a, b) => toTime(a) - toTime(b)).at(-1);
  return last === undefined ? NOT_DATED : later(last, 7);
}

/** True where a node has its first value. */
function hasFirstValue(content: CaseContent, beside: string | null): string | null {
  const [first] = beside === null ? [] : content.domain(beside);
  if (beside === null || first === undefined || content.repeats(beside)) return null;
  return `${beside} == ${typeof first === "number" ? first : `'${first}'`}`;
}

function derivedOf(content: CaseContent, beside: string | null): Entry {
  const condition = hasFirstValue(content, beside);
  return condition ? { derived: `1 if ${condition} else 0`, domain: [0, 1] } : { derived: 0, domain: [0] };
}

const worthOf = (content: CaseContent, beside: string | null): string | number => {
  const condition = hasFirstValue(content, beside);
  return condition ? `1 * (${condition})` : 0;
};
