// What the case file says, as the editors of the workbench read it; parts that are not as they should be are left out.
import type { Operation } from "./messages";

export type Path = (string | number)[];
export type Scalar = string | number;

export interface WrittenNode {
  name: string;
  title: string;
  kind: "chance" | "decision" | "derived";
  player: string;
  /** Its values; empty where they are a grid or are not written. */
  domain: Scalar[];
  /** The condition under which it arises; empty where it always does. */
  when: string;
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
type Map_ = Record<string, unknown>;

const isMap = (value: unknown): value is Map_ => typeof value === "object" && value !== null && !Array.isArray(value);
const section = (content: Map_, ...path: string[]): [string, Map_][] => {
  let at: unknown = content;
  for (const key of path) at = isMap(at) ? at[key] : undefined;
  return isMap(at) ? Object.entries(at).filter((entry): entry is [string, Map_] => isMap(entry[1])) : [];
};
const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const plain = (name: string): string => name.replaceAll("_", " ");

/** The nodes of a case, those of `rounds` last. */
export function nodesOf(content: Map_): WrittenNode[] {
  const read = (repeats: boolean) => ([name, entry]: [string, Map_]): WrittenNode => ({
    name,
    title: text(entry["title"]) || plain(name),
    kind: entry["player"] !== undefined ? "decision" : entry["derived"] !== undefined ? "derived" : "chance",
    player: text(entry["player"]),
    domain: Array.isArray(entry["domain"]) ? entry["domain"].filter((value): value is Scalar => typeof value === "string" || typeof value === "number") : [],
    when: text(entry["when"]),
    repeats,
    labels: isMap(entry["values"]) ? Object.fromEntries(Object.entries(entry["values"]).map(([value, label]) => [value, text(label)])) : {},
  });
  return [...section(content, "nodes").map(read(false)), ...section(content, "rounds", "nodes").map(read(true))];
}

/** The interests of a case, those of `rounds` last. */
export function interestsOf(content: Map_): WrittenInterest[] {
  const read = (repeats: boolean, path: Path) => ([name, entry]: [string, Map_]): WrittenInterest => ({
    name, about: text(entry["about"]) || plain(name), player: text(entry["player"]), worth: entry["worth"], why: entry["why"], path: [...path, name], repeats,
  });
  return [...section(content, "interests").map(read(false, ["interests"])), ...section(content, "rounds", "interests").map(read(true, ["rounds", "interests"]))];
}

/** The players of a case, and the sources: name and title. */
export const playersOf = (content: Map_) => section(content, "players").map(([name, entry]) => ({ name, title: text(entry["name"]) || plain(name), weights: isMap(entry["weights"]) ? entry["weights"] : null }));
export const sourcesOf = (content: Map_) => section(content, "sources").map(([name, entry]) => ({ name, title: text(entry["title"]) || plain(name) }));
/** The causes that a case names, each with its absence as it follows “if”. */
export const causesOf = (content: Map_) => section(content, "causes").map(([name, entry]) => ({ name, absence: text(entry["undone"]) || text(entry["title"]) || `${plain(name)} had not been` }));

/** The value of a node that does not arise. */
export const NOT_APPLICABLE = "n/a";
/** What a value is called. */
export const labelOf = (node: WrittenNode, value: Scalar): string => (value === NOT_APPLICABLE ? "does not arise" : "") || node.labels[String(value)] || plain(String(value));
/** A value as an expression writes it. */
export const literal = (value: Scalar): string => (typeof value === "number" ? String(value) : `'${value.replaceAll("'", "\\'")}'`);

/** A name for something new: the title in the letters that expressions can hold, and a number where it is taken. */
export function freeName(title: string, taken: readonly string[]): string {
  const letters = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[_0-9]+|_+$/g, "").slice(0, 40) || "source";
  let name = letters;
  for (let n = 2; taken.includes(name); n++) name = `${letters}_${n}`;
  return name;
}

export const set = (path: Path, value: unknown): Operation => ({ kind: "set", path, value }) as Operation;
export const remove = (path: Path): Operation => ({ kind: "remove", path });
