// What a marked sentence becomes in the case: an entry of the record, a reason, a player, a decision or a chance node.
import { CaseContent, entryOf, type Entry, type Value } from "./content";
import { append, nodesOf, set, type WrittenNode } from "./entries";
import type { Operation } from "./messages";
import { freeName, valueName } from "./names";

/** A place in a source, and the words that are to be quoted from it; empty for none. */
export interface Cited {
  source: string;
  number: number;
  quote: string;
}

export type SentenceUse =
  | { kind: "record"; node: string; value: Value; day: string }
  | { kind: "reason"; parameter: string; says: string }
  | { kind: "player"; name: string }
  /** `done`: what was done, where the text says so; it goes into the record. */
  | { kind: "decision"; player: string; title: string; values: string[]; day: string; done: string }
  | { kind: "event"; title: string; values: string[]; day: string; done: string };

/** The keys that cite a place, as reasons, claims and entries of the record have them. */
export const placeOf = ({ source, number, quote }: Cited) => ({ source, at: `¶ ${number}`, ...(quote ? { quotes: quote } : {}) });

/** The nodes of the case as an entry of the record names them: those of rounds in their first round. */
export const recordable = (content: Entry): WrittenNode[] => nodesOf(content).map((node) => (node.repeats ? { ...node, name: `${node.name}@1` } : node));

/** Words that somebody typed, each as a value that the file can hold and expressions can name; what it is called, where that differs. */
export function valuesFrom(words: readonly string[]): { values: Value[]; labels: Record<string, string> } {
  const taken = new Set<string>();
  const labels: Record<string, string> = {};
  const values = words.map((word) => {
    if (/^-?\d+(\.\d+)?$/.test(word)) return Number(word);
    const value = valueName(word, taken);
    taken.add(value);
    if (value.replaceAll("_", " ") !== word) labels[value] = word;
    return value;
  });
  return { values, labels };
}

/** The changes that put a sentence to use, and what they do, as an order for the history. */
export function operationsFor(use: SentenceUse, cited: Cited, whole: Entry): { operations: Operation[]; what: string } {
  const content = new CaseContent(whole);
  const place = placeOf(cited);
  switch (use.kind) {
    case "record":
      return { what: `Add ${use.node} to the record`, operations: [append(["record"], { node: use.node, value: use.value, date: use.day, ...place })] };
    case "reason": {
      const path = ["parameters", use.parameter, "why"];
      const before = entryOf(content.parameters[use.parameter])["why"];
      const reason = { ...place, ...(use.says ? { says: use.says } : {}) };
      const what = `Add a reason for ${use.parameter}`;
      if (Array.isArray(before)) return { what, operations: [append(path, reason)] };
      return { what, operations: [set(path, before === undefined || before === null ? reason : [before, reason])] };
    }
    case "player": {
      const name = freeName(use.name, content.taken, "player");
      return { what: `Add the player ${use.name}`, operations: [set(["players", name], { name: use.name, why: place })] };
    }
    case "decision":
    case "event": {
      const name = freeName(use.title, content.taken, use.kind);
      const { values, labels } = valuesFrom(use.values);
      const who = use.kind === "decision" ? { player: use.player, domain: values } : { chance: true, domain: values, odds: Object.fromEntries(values.map((value) => [value, 1])) };
      const called = Object.keys(labels).length ? { values: labels } : {};
      const operations = [set(["nodes", name], { title: use.title, ...who, ...called, at: use.day, why: place })];
      const done = values[use.values.indexOf(use.done)];
      if (done !== undefined) operations.push(append(["record"], { node: name, value: done, date: use.day, ...place }));
      return { what: use.kind === "decision" ? `Add the decision ${use.title}` : `Add the chance node ${use.title}`, operations };
    }
  }
}
