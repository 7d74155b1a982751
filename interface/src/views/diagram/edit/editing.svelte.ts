// Editing the case on its diagram: what is selected, what is being connected, and each change as one step of the history.
import { getContext, setContext } from "svelte";
import { Refused } from "../../../lib/link";
import type { Operation, TextProblem } from "../../../lib/messages";
import type { Workbench } from "../../../lib/workbench.svelte";
import { addition, type Addable } from "./additions";
import { connect, disconnect, drawn, type ArrowChange } from "./arrows";
import { baseName, CaseContent, type Entry, type Key } from "../../../lib/content";
import { isAdded, nameFrom } from "../../../lib/names";
import type { Scene } from "../scene.svelte";

const KEY = Symbol("editing of the diagram");

/** Milliseconds between two looks, and at most in all. */
const [WAIT, MOST_WAIT] = [20, 5_000];

export type Part = "node" | "interest" | "player";
/** What the panel is to put the keyboard into when it opens. */
export type Focus = "title" | "name" | "at" | null;

export class Editing {
  /** Whether the panel shows fields, or what the answers say. */
  isOpen = $state(false);
  /** The player whose fields are shown; null: what is selected in the diagram. */
  player: string | null = $state(null);
  /** Where an arrow begins that is being drawn by keyboard or by a button. */
  from: string | null = $state(null);
  /** An arrow that was clicked. */
  arrow: { source: string; target: string } | null = $state.raw(null);
  focus: Focus = $state(null);
  /** What a menu at an empty place, or the question before a deletion, is open for. */
  menu: { x: number; y: number; day: string | null } | null = $state.raw(null);
  deleting: { part: Part; name: string } | null = $state.raw(null);
  /** What was done, or why it was not. */
  notice = $state("");
  isRefused = $state(false);
  #busy = $state(0);
  /** By part and name, under which name it was opened. */
  readonly #names = new Map<string, string>();

  constructor(readonly bench: Workbench, readonly scene: Scene) {}

  readonly content: CaseContent = $derived.by(() => new CaseContent(this.bench.content as Entry));
  readonly isBusy: boolean = $derived.by(() => this.#busy > 0);
  /** Nodes and interests of the text that the diagram does not show yet, since the text has problems or is being checked. */
  readonly missing: string[] = $derived.by(() => {
    const shown = new Set([...this.scene.nodes.keys(), ...this.scene.interests.keys()].map(baseName));
    return [...this.content.nodeNames, ...this.content.interestNames].filter((name) => !shown.has(name));
  });
  /** What the fields belong to. */
  readonly subject: { part: Part; name: string } | null = $derived.by(() => {
    if (this.player !== null) return this.content.player(this.player) ? { part: "player", name: this.player } : null;
    const name = this.scene.space.selected;
    if (name === null) return null;
    if (this.content.nodePath(name)) return { part: "node", name };
    return this.content.interestPath(name) ? { part: "interest", name } : null;
  });

  /** Where a part of the case stands in the file. */
  path({ part, name }: { part: Part; name: string }): Key[] {
    if (part === "player") return ["players", name];
    return (part === "node" ? this.content.nodePath(name) : this.content.interestPath(name)) ?? [part === "node" ? "nodes" : "interests", name];
  }

  /** Problems of a value and of all inside it. */
  problemsAt = (path: Key[], isExact = false): TextProblem[] => about(this.bench.checked.problems, path, isExact);
  warningsAt = (path: Key[], isExact = false): TextProblem[] => about(this.bench.checked.warnings, path, isExact);

  /** The same for a subject before and after it was renamed, so that its panel stays as it is. */
  keyOf = ({ part, name }: { part: Part; name: string }): string => this.#names.get(`${part} ${name}`) ?? `${part} ${name}`;

  select(name: string | null): void {
    this.player = null;
    this.scene.space.selected = name;
  }

  openPlayer(name: string): void {
    [this.player, this.isOpen] = [name, true];
  }

  /** Change the case; whether it was done. A refusal is shown. */
  async change(operations: Operation[], what: string): Promise<boolean> {
    if (operations.length === 0) return true;
    this.#busy += 1;
    try {
      await this.bench.change(operations, what);
      this.say(`Done: ${what}.`);
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.refuse(error.message);
      return false;
    } finally {
      this.#busy -= 1;
    }
  }

  /** Wait until `content` is that of the newest text: the diagram is redrawn before the text is checked. */
  async #read(): Promise<void> {
    const { bench } = this;
    const isBehind = () => bench.standing === "checking" || (bench.outline !== null && bench.outline.revision < bench.checked.revision);
    for (let waited = 0; isBehind() && waited < MOST_WAIT; waited += WAIT) await new Promise((resolve) => setTimeout(resolve, WAIT));
  }

  set(path: Key[], value: unknown, what: string): Promise<boolean> {
    return this.change([{ kind: "set", path, value } as Operation], what);
  }

  remove(path: Key[], what: string): Promise<boolean> {
    return this.change([{ kind: "remove", path }], what);
  }

  say(text: string): void {
    [this.notice, this.isRefused] = [text, false];
  }

  refuse(text: string): void {
    [this.notice, this.isRefused] = [text, true];
  }

  /** Add something, select it and put the keyboard into its title. */
  async add(kind: Addable, day: string | null = null): Promise<void> {
    this.menu = null;
    await this.#read();
    const { name, operations, what } = addition(this.content, kind, this.scene.space.selected, day);
    if (!(await this.change(operations, what))) return;
    if (kind === "player") this.openPlayer(name);
    else this.select(name);
    [this.isOpen, this.focus] = [true, "title"];
  }

  /** Give a title. What was added without a name of its own gets one that is made of it. */
  async setTitle(part: Part, name: string, key: string, title: string): Promise<void> {
    const operations: Operation[] = [{ kind: "set", path: [...this.path({ part, name }), key], value: title }];
    const better = isAdded(name) ? nameFrom(title, this.content.taken) : null;
    if (better) operations.push({ kind: "rename", of: part, name, new_name: better } as Operation);
    if (await this.change(operations, `Call ${name} “${title}”`)) this.#follow(part, name, better ?? name);
  }

  async rename(part: Part, name: string, to: string): Promise<void> {
    const operation = { kind: "rename", of: part, name: baseName(name), new_name: to } as Operation;
    if (await this.change([operation], `Rename ${baseName(name)} to ${to}`)) this.#follow(part, name, to);
  }

  #follow(part: Part, name: string, to: string): void {
    this.#names.set(`${part} ${to}`, this.keyOf({ part, name }));
    if (part === "player" && this.player === name) this.player = to;
    else if (this.scene.space.selected === name) this.scene.space.selected = to + name.slice(baseName(name).length);
  }

  /** Draw an arrow, or remove it where there is one. */
  toggleArrow(source: string, target: string): Promise<void> {
    this.from = null;
    return this.#arrow(() => (drawn(this.content, source, target) ? disconnect : connect)(this.content, source, target));
  }

  connect = (source: string, target: string): Promise<void> => this.#arrow(() => connect(this.content, source, target));
  disconnect(source: string, target: string): Promise<void> {
    this.arrow = null;
    return this.#arrow(() => disconnect(this.content, source, target));
  }

  async #arrow(compose: () => ArrowChange): Promise<void> {
    await this.#read();
    const change = compose();
    if ("refused" in change) this.refuse(change.refused);
    else await this.change(change.operations, change.what);
  }

  /** Date a node. */
  async date(name: string, day: string): Promise<void> {
    await this.#read();
    const path = this.content.nodePath(name);
    if (path?.[0] !== "nodes") return this.refuse("A node that repeats is dated by its round. Change its day of the round in the panel.");
    if (this.content.date(name) !== day) await this.set([...path, "at"], day, `Date ${name} ${day}`);
  }

  /** Ask before something is deleted. */
  askToDelete(part: Part, name: string): void {
    this.deleting = { part, name };
  }
}

function about(problems: TextProblem[], path: Key[], isExact: boolean): TextProblem[] {
  return problems.filter((problem) => path.every((key, i) => String(problem.path[i]) === String(key)) && (!isExact || problem.path.length === path.length));
}

export const shareEditing = (editing: Editing): Editing => setContext(KEY, editing);
/** What edits the diagram; undefined in the report and the notebook. */
export const theEditing = (): Editing | undefined => getContext<Editing | undefined>(KEY);
