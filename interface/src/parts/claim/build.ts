// A claim put together from parts: its test as the case file writes it, and the same in words.
import type { Value } from "../../lib/content";
import { labelOf, literal, type WrittenNode } from "../../lib/entries";

/** A node that has a value, or does not. */
export interface Event {
  node: WrittenNode;
  value: Value;
  isNot?: boolean;
}
/** A player, or one of its interests. */
export interface Stake {
  name: string;
  title: string;
}
export type Subject = { kind: "chance"; event: Event } | { kind: "worth"; of: Stake } | { kind: "best"; event: Event; player: string };
export type Condition =
  | { kind: "none" }
  /** Known to be so. */
  | { kind: "given"; event: Event }
  /** Set from outside. */
  | { kind: "do"; event: Event }
  /** A cause of the case had been absent. */
  | { kind: "undo"; cause: { name: string; absence: string } };
export type Relation = { kind: "higher" | "lower" } | { kind: "least" | "most"; number: number };
export interface ClaimParts {
  subject: Subject;
  relation: Relation;
  condition: Condition;
}

/** The test of a claim; null where the parts do not go together. */
export function testOf({ subject, relation, condition }: ClaimParts): string | null {
  if (subject.kind === "best") {
    if (condition.kind === "do" || condition.kind === "undo") return null;
    const given = condition.kind === "given" ? `, given=${code(condition.event)}` : "";
    return `best(${subject.event.node.name}${given}) ${sign(subject.event)} ${literal(subject.event.value)}`;
  }
  const with_ = quantity(subject, condition);
  if (relation.kind === "least" || relation.kind === "most") return `${with_} ${relation.kind === "least" ? ">=" : "<="} ${relation.number}`;
  if (condition.kind === "none") return null;
  // What is known is compared with its opposite; a change, with the case as it is.
  const other: Condition = condition.kind === "given" ? { kind: "given", event: { ...condition.event, isNot: !condition.event.isNot } } : { kind: "none" };
  return `${with_} ${relation.kind === "higher" ? ">" : "<"} ${quantity(subject, other)}`;
}

/** The claim in a sentence. */
export function wordsOf({ subject, relation, condition }: ClaimParts): string {
  if (subject.kind === "best") {
    const { node, value, isNot } = subject.event;
    return sentence(`at ${quoted(node.title)}, ${quoted(labelOf(node, value))} is ${isNot ? "not " : ""}best for ${subject.player}`, condition.kind === "given" ? `if ${words(condition.event)}` : "");
  }
  const isChance = subject.kind === "chance";
  const about = isChance ? words(subject.event) : `the worth of the outcome for ${subject.of.title}`;
  const when = condition.kind === "none" ? "" : condition.kind === "undo" ? `if ${condition.cause.absence}` : condition.kind === "do" ? `if ${quoted(condition.event.node.title)} is made ${quoted(labelOf(condition.event.node, condition.event.value))}` : `if ${words(condition.event)}`;
  if (relation.kind === "least" || relation.kind === "most") {
    const bound = isChance ? `${Number((relation.number * 100).toPrecision(6))}%` : String(relation.number);
    return sentence(isChance ? `${about} has a chance of at ${relation.kind} ${bound}` : `${about} is at ${relation.kind} ${bound}`, when);
  }
  const more = isChance ? `${relation.kind === "higher" ? "more" : "less"} likely` : relation.kind;
  return sentence(`${about} is ${more}`, `${when} ${condition.kind === "given" ? "than otherwise" : "than as things are"}`);
}

function quantity(subject: Exclude<Subject, { kind: "best" }>, condition: Condition): string {
  const first = subject.kind === "chance" ? `P(${code(subject.event)}` : `E(${subject.of.name}`;
  switch (condition.kind) {
    case "none": return `${first})`;
    case "given": return `${first}, given=${code(condition.event)})`;
    case "do": return `${first}, do={'${condition.event.node.name}': ${literal(condition.event.value)}})`;
    case "undo": return `${first}, undo='${condition.cause.name}')`;
  }
}

const sign = (event: Event) => (event.isNot ? "!=" : "==");
const code = (event: Event) => `${event.node.name} ${sign(event)} ${literal(event.value)}`;
const quoted = (text: string) => `“${text}”`;
const words = ({ node, value, isNot }: Event) => quoted(`${node.title}: ${isNot ? "not " : ""}${labelOf(node, value)}`);

function sentence(main: string, when: string): string {
  const text = `${main} ${when}`.trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
