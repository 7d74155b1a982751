// A wrong belief while it is edited: the entry as the file would write it. Functions give changed copies.
import { entryOf, isEntry, isValue, listOf, textOf, withKey, type Entry, type Key } from "../../../lib/content";
import { interestsOf, numbersOf, playersOf } from "../../../lib/entries";
import type { WrittenPrior } from "../../../lib/typed_prior";

/** The words of the file for "as it is in truth" and "whatever it really believes". */
export const [TRUE_CASE, ACTUAL] = ["true_case", "actual"];

/** What a belief can be about. */
export type BeliefPart = "parameters" | "nodes" | "actions" | "unknown" | "sees" | "reasoning" | "about";

/** Where each part stands inside the entry. */
const PLACES: Record<BeliefPart, Key[]> = {
  parameters: ["parameters"], nodes: ["nodes"], actions: ["unaware", "actions"], unknown: ["unaware", "nodes"], sees: ["unaware", "sees"], reasoning: ["reasoning"], about: ["about"],
};

/** The rows of one part: by name, what is believed. */
export function rowsOf(entry: Entry, part: BeliefPart): Entry {
  return entryOf(PLACES[part].reduce<unknown>((at, key) => entryOf(at)[key], entry));
}

/** The entry with other rows of one part; without rows the part goes. */
export function withRows(entry: Entry, part: BeliefPart, rows: Entry): Entry {
  const [first, second] = PLACES[part] as [string, string?];
  if (second) return withKey(entry, first, withKey(entryOf(entry[first]), second, rows));
  // A description stands elsewhere as soon as `about` names players.
  const said = part === "about" ? textOf(entry["about"]) : "";
  const changed = withKey(entry, first, rows);
  return said && Object.keys(rows).length ? withKey(changed, "in_words", said) : changed;
}

export const withRow = (entry: Entry, part: BeliefPart, name: string, value: unknown): Entry => withRows(entry, part, { ...rowsOf(entry, part), [name]: value });
export const withoutRow = (entry: Entry, part: BeliefPart, name: string): Entry => withRows(entry, part, Object.fromEntries(Object.entries(rowsOf(entry, part)).filter(([other]) => other !== name)));
/** A row that is about something else now, in its place. */
export const withOther = (entry: Entry, part: BeliefPart, name: string, other: string, value: unknown): Entry =>
  withRows(entry, part, Object.fromEntries(Object.entries(rowsOf(entry, part)).map(([key, old]) => (key === name ? [other, value] : [key, old]))));

export const describedAs = (entry: Entry): string => textOf(entry["in_words"]) || textOf(entry["about"]);
/** The entry with another description. */
export const withDescription = (entry: Entry, words: string): Entry => withKey(entry, isEntry(entry["about"]) ? "in_words" : "about", words);

/** The names of everything that a belief is about. */
export const subjectsOf = (entry: Entry): string[] => [...new Set((Object.keys(PLACES) as BeliefPart[]).flatMap((part) => Object.keys(rowsOf(entry, part))))];

export interface NumberGroup {
  title: string;
  numbers: { name: string; title: string; probability: boolean }[];
}

/** The numbers of a case by what they stand for: what each player wants, then all others, then how sharply players choose. */
export function numberGroups(content: Entry): NumberGroup[] {
  const players = playersOf(content);
  const all = numbersOf(content).map(({ name, title }) => ({ name, title, probability: textOf(entryOf(entryOf(content["parameters"])[name])["unit"]) === "probability" }));
  const worths = interestsOf(content).map(({ player, worth }) => ({ player, text: typeof worth === "string" ? worth : JSON.stringify(worth ?? "") }));
  const wants = (player: string, number: string) => worths.some((one) => one.player === player && new RegExp(`(^|[^\\w.])${number}([^\\w]|$)`).test(one.text));
  const groups: NumberGroup[] = players.map(({ name, title }) => ({ title: `What ${title} wants`, numbers: all.filter((number) => wants(name, number.name)) }));
  const others = all.filter((number) => !players.some(({ name }) => wants(name, number.name)));
  groups.push({ title: "Other numbers", numbers: others });
  groups.push({ title: "How sharply players choose", numbers: players.map(({ name, title }) => ({ name: `${name}.precision`, title: `precision of ${title}`, probability: false })) });
  return groups.filter(({ numbers }) => numbers.length > 0);
}

/** The beliefs about one number that stand in the file with a number of their own: the name of each, and whose it is. */
export function otherBeliefs(content: Entry, number: string, own: readonly string[]): { name: string; view: string[] }[] {
  const found: { name: string; view: string[] }[] = [];
  const visit = (entry: Entry, view: string[]): void => {
    const believed = entryOf(entry["parameters"])[number];
    const isOwn = view.join(".") === own.join(".");
    if (!isOwn && believed !== undefined && believed !== TRUE_CASE && !isNameOfNumber(believed, content)) found.push({ name: [...view, number].join("."), view });
    for (const [player, other] of Object.entries(entryOf(entry["about"]))) if (isEntry(other)) visit(other, [...view, player]);
  };
  for (const [player, entry] of Object.entries(entryOf(content["beliefs"]))) visit(entryOf(entry), [player]);
  return found;
}

/** Whether what is believed is the name of another number, of the case or of a belief, and no word for a chance. */
export const isNameOfNumber = (believed: unknown, content: Entry): believed is string => typeof believed === "string" && (believed.includes(".") || believed in entryOf(content["parameters"]));
export const priorOf = (believed: unknown): WrittenPrior | null => (isValue(believed) || isEntry(believed) ? (believed as WrittenPrior) : null);

/** The first thing that is missing in a belief, in a sentence; empty where nothing is. */
export function missingOf(entry: Entry, titled: (name: string) => string): string {
  for (const [name, believed] of Object.entries(rowsOf(entry, "parameters"))) if (believed === null) return `Say what is believed of: ${titled(name)}.`;
  for (const [name, mechanism] of Object.entries(rowsOf(entry, "nodes"))) {
    const weights = entryOf(mechanism)["odds"] ?? entryOf(mechanism)["probability"] ?? entryOf(mechanism)["derived"];
    if (mechanism !== TRUE_CASE && (weights === "" || Object.values(entryOf(weights)).includes(""))) return `Say how likely each value is believed to be: ${titled(name)}.`;
  }
  for (const part of ["actions", "sees"] as const) {
    for (const [name, listed] of Object.entries(rowsOf(entry, part))) if (listOf(listed).length === 0) return part === "actions" ? `Tick the actions that it has not thought of: ${titled(name)}.` : `Tick what it overlooks: ${titled(name)}.`;
  }
  for (const other of Object.values(rowsOf(entry, "about"))) {
    const missing = isEntry(other) ? missingOf(other, titled) : "";
    if (missing) return missing;
  }
  return "";
}
