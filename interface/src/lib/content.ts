// The case as its file says it, read with care: what is being typed may be of any form.
export type Key = string | number;
export type Entry = Record<string, unknown>;
export type Kind = "decision" | "chance" | "derived";
export type Value = string | number;

export const isEntry = (value: unknown): value is Entry => typeof value === "object" && value !== null && !Array.isArray(value);
export const entryOf = (value: unknown): Entry => (isEntry(value) ? value : {});
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);
/** Text as it stands in a field; what is no text or number is left out. */
export const textOf = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
export const isValue = (value: unknown): value is Value => typeof value === "string" || typeof value === "number";
/** The entry with another value of a key; nothing (undefined, or empty) takes the key out. */
export function withKey(entry: Entry, key: string, value: unknown): Entry {
  const isNothing = value === undefined || value === "" || value === false || (Array.isArray(value) && value.length === 0) || (isEntry(value) && Object.keys(value).length === 0);
  if (!isNothing) return { ...entry, [key]: value };
  return Object.fromEntries(Object.entries(entry).filter(([other]) => other !== key));
}
/** The name of a node without its round. */
export const baseName = (name: string): string => name.split("@")[0]!;

export class CaseContent {
  readonly players: Entry;
  readonly interests: Entry;
  readonly sources: Entry;
  readonly parameters: Entry;
  readonly questions: Entry;
  /** Nodes and interests that repeat, without their rounds. */
  readonly #nodes: Entry;
  readonly #repeatedNodes: Entry;
  readonly #repeatedInterests: Entry;

  constructor(readonly whole: Entry) {
    this.players = entryOf(whole["players"]);
    this.interests = entryOf(whole["interests"]);
    this.sources = entryOf(whole["sources"]);
    this.parameters = entryOf(whole["parameters"]);
    this.questions = entryOf(whole["questions"]);
    this.#nodes = entryOf(whole["nodes"]);
    const rounds = entryOf(whole["rounds"]);
    this.#repeatedNodes = entryOf(rounds["nodes"]);
    this.#repeatedInterests = entryOf(rounds["interests"]);
  }

  get isPublic(): boolean {
    return this.whole["information"] === "public";
  }

  get asOf(): string {
    return textOf(this.whole["as_of"]);
  }

  /** Names of all nodes, those that repeat last. */
  get nodeNames(): string[] {
    return [...Object.keys(this.#nodes), ...Object.keys(this.#repeatedNodes)];
  }

  get interestNames(): string[] {
    return [...Object.keys(this.interests), ...Object.keys(this.#repeatedInterests)];
  }

  /** All names that an expression can use, so that no new name is one of them. */
  get taken(): Set<string> {
    const sections = [this.players, this.parameters, this.sources, entryOf(this.whole["quantities"]), entryOf(this.whole["causes"]), entryOf(this.whole["trade"])];
    return new Set([...sections.flatMap((section) => Object.keys(section)), ...this.nodeNames, ...this.interestNames]);
  }

  /** Where a node stands in the file. */
  nodePath(name: string): Key[] | null {
    const base = baseName(name);
    if (base in this.#nodes) return ["nodes", base];
    return base in this.#repeatedNodes ? ["rounds", "nodes", base] : null;
  }

  interestPath(name: string): Key[] | null {
    const base = baseName(name);
    if (base in this.interests) return ["interests", base];
    return base in this.#repeatedInterests ? ["rounds", "interests", base] : null;
  }

  node(name: string): Entry | null {
    const base = baseName(name);
    const entry = this.#nodes[base] ?? this.#repeatedNodes[base];
    return isEntry(entry) ? entry : null;
  }

  interest(name: string): Entry | null {
    const base = baseName(name);
    const entry = this.interests[base] ?? this.#repeatedInterests[base];
    return isEntry(entry) ? entry : null;
  }

  player(name: string): Entry | null {
    return name in this.players ? entryOf(this.players[name]) : null;
  }

  repeats = (name: string): boolean => baseName(name) in this.#repeatedNodes;
  kind = (name: string): Kind | null => kindOf(this.node(name));
  title = (name: string): string => textOf(this.node(name)?.["title"]) || baseName(name).replaceAll("_", " ");
  playerTitle = (name: string): string => textOf(this.player(name)?.["name"]) || name;
  date = (name: string): string => textOf(this.node(name)?.["at"]);
  domain = (name: string): Value[] => listOf(this.node(name)?.["domain"]).filter(isValue);

  /** What answers call a value. */
  label(name: string, value: Value): string {
    return textOf(entryOf(this.node(name)?.["values"])[String(value)]) || String(value).replaceAll("_", " ");
  }
}

export function kindOf(entry: Entry | null): Kind | null {
  if (!entry) return null;
  if ("player" in entry) return "decision";
  if ("chance" in entry) return "chance";
  return "derived" in entry ? "derived" : null;
}
