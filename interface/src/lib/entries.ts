// The entries of the case file as lists, as editors read them; what is not as it should be is left out.
import { entryOf, isEntry, isValue, kindOf, listOf, textOf, type Entry, type Key, type Kind, type Value } from "./content";
import type { Operation } from "./messages";

export type Path = Key[];

export interface WrittenNode {
  name: string;
  title: string;
  kind: Kind;
  player: string;
  /** Its values; empty where they are a grid or are not written. */
  domain: Value[];
  /** The condition under which it arises; empty where it always does. */
  when: string;
  /** The day, as it is written. */
  day: string;
  /** Whether it stands in `rounds`. */
  repeats: boolean;
  labels: Record<string, string>;
}
export interface WrittenInterest {
  name: string;
  about: string;
  player: string;
  worth: unknown;
  why: unknown;
  path: Path;
  repeats: boolean;
}

const section = (content: Entry, ...path: string[]): [string, Entry][] => {
  let at: unknown = content;
  for (const key of path) at = entryOf(at)[key];
  return Object.entries(entryOf(at)).filter((entry): entry is [string, Entry] => isEntry(entry[1]));
};
const plain = (name: string): string => name.replaceAll("_", " ");

/** The nodes of a case, those of `rounds` last. */
export function nodesOf(content: Entry): WrittenNode[] {
  const read = (repeats: boolean) => ([name, entry]: [string, Entry]): WrittenNode => ({
    name,
    title: textOf(entry["title"]) || plain(name),
    kind: kindOf(entry) ?? "chance",
    player: textOf(entry["player"]),
    domain: listOf(entry["domain"]).filter(isValue),
    when: textOf(entry["when"]),
    day: textOf(entry["at"]),
    repeats,
    labels: Object.fromEntries(Object.entries(entryOf(entry["values"])).map(([value, label]) => [value, textOf(label)])),
  });
  return [...section(content, "nodes").map(read(false)), ...section(content, "rounds", "nodes").map(read(true))];
}

/** The interests of a case, those of `rounds` last. */
export function interestsOf(content: Entry): WrittenInterest[] {
  const read = (repeats: boolean, path: Path) => ([name, entry]: [string, Entry]): WrittenInterest => ({
    name, about: textOf(entry["about"]) || plain(name), player: textOf(entry["player"]), worth: entry["worth"], why: entry["why"], path: [...path, name], repeats,
  });
  return [...section(content, "interests").map(read(false, ["interests"])), ...section(content, "rounds", "interests").map(read(true, ["rounds", "interests"]))];
}

/** The players of a case, and the sources: name and title. */
export const playersOf = (content: Entry) => section(content, "players").map(([name, entry]) => ({ name, title: textOf(entry["name"]) || plain(name), weights: isEntry(entry["weights"]) ? entry["weights"] : null }));
export const sourcesOf = (content: Entry) => section(content, "sources").map(([name, entry]) => ({ name, title: textOf(entry["title"]) || plain(name) }));
/** The uncertain numbers of a case, each with what it is about. */
export const numbersOf = (content: Entry) => section(content, "parameters").map(([name, entry]) => ({ name, title: textOf(entry["about"]) || plain(name) }));
/** The causes that a case names, each with its absence as it follows “if”. */
export const causesOf = (content: Entry) => section(content, "causes").map(([name, entry]) => ({ name, absence: textOf(entry["undone"]) || textOf(entry["title"]) || `${plain(name)} had not been` }));
/** The questions of a case: what each asks, in the words of the file. */
export const questionsOf = (content: Entry) => section(content, "questions").map(([name, entry]) => ({ name, asks: textOf(entry["asks"]) || plain(name) }));

/** The value of a node that does not arise. */
export const NOT_APPLICABLE = "n/a";
/** What a value is called. */
export const labelOf = (node: WrittenNode, value: Value): string => (value === NOT_APPLICABLE ? "does not arise" : "") || node.labels[String(value)] || plain(String(value));
/** A value as an expression writes it. */
export const literal = (value: Value): string => (typeof value === "number" ? String(value) : `'${value.replaceAll("'", "\\'")}'`);

export const set = (path: Path, value: unknown): Operation => ({ kind: "set", path, value }) as Operation;
export const remove = (path: Path): Operation => ({ kind: "remove", path });
/** Put an item at the end of a list. */
export const append = (path: Path, value: unknown): Operation => ({ kind: "insert", path, index: null, value }) as Operation;
/** Move an item of a list, with the comments beside it; `to`: its new position. */
export const move = (path: Path, to: number): Operation => ({ kind: "move", path, to });

/** The deals of a case, and its wrong beliefs by player. */
export const dealsOf = (content: Entry) => section(content, "deals").map(([name, entry]) => ({ name, title: textOf(entry["title"]) || plain(name), entry }));
export const beliefsOf = (content: Entry) => section(content, "beliefs").map(([name, entry]) => ({ name, entry }));
