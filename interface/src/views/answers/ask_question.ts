// A question put together from parts: what the case file writes for it, and its words.
import type { CaseContent, Value } from "../../lib/content";
import { labelOf, set, type WrittenNode } from "../../lib/entries";
import type { Operation } from "../../lib/messages";
import { freeName } from "../../lib/names";

export interface Event {
  node: WrittenNode;
  value: Value;
}
export type QuestionParts =
  | { kind: "forecast"; node: WrittenNode }
  /** What a change does to an outcome. */
  | { kind: "what_if"; change: Event; outcome: WrittenNode }
  /** Why an outcome came about: causes that the case has, by name, and others, each by what would have been otherwise. */
  | { kind: "why"; outcome: Event; causes: readonly string[]; otherwise: readonly Event[] };

const called = ({ node, value }: Event): string => `“${node.title}” had been “${labelOf(node, value)}”`;

/** The question in words, for somebody who types none. */
export function questionWords(parts: QuestionParts): string {
  switch (parts.kind) {
    case "forecast": return `What will come about: ${parts.node.title}?`;
    case "what_if": return `What if ${called(parts.change)}?`;
    case "why": return `Why was “${parts.outcome.node.title}” “${labelOf(parts.outcome.node, parts.outcome.value)}”?`;
  }
}

/** The changes that add a question, with the causes that it needs; null while something is missing. */
export function questionOperations(parts: QuestionParts, typed: string, content: CaseContent): Operation[] | null {
  const asks = typed.trim() || questionWords(parts);
  const names = new Set(Object.keys(content.questions));
  const taken = new Set(content.taken);
  switch (parts.kind) {
    case "forecast":
      return [set(["questions", freeName(parts.node.title, names, "question")], { asks, forecast: parts.node.name })];
    case "what_if": {
      const { change, outcome } = parts;
      if (change.node.name === outcome.name) return null;
      const entry = { asks, what_if: { title: called(change), do: { [change.node.name]: change.value } }, outcome: outcome.name };
      return [set(["questions", freeName(`if ${change.node.title}`, names, "question")], entry)];
    }
    case "why": {
      const { outcome, causes, otherwise } = parts;
      if (causes.length + otherwise.length === 0 || otherwise.some((event) => event.node.name === outcome.node.name)) return null;
      const added = otherwise.map((event) => {
        const name = freeName(event.node.title, taken, "cause");
        taken.add(name);
        return { name, entry: { title: called(event), do: { [event.node.name]: event.value } } };
      });
      const question = { asks, why: { [outcome.node.name]: outcome.value }, causes: [...causes, ...added.map(({ name }) => name)] };
      return [...added.map(({ name, entry }) => set(["causes", name], entry)), set(["questions", freeName(`why ${outcome.node.title}`, names, "question")], question)];
    }
  }
}
