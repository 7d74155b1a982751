// The workbench as a page sees it: what lies on the shared desk, what is being solved, how the file is.
//
// A window shows its own inputs at once and the others' as the server tells of them: what was sent and is not
// confirmed yet lies over what the server says, so that an older state never overrides a newer hand.
import { getContext, setContext } from "svelte";
import { Link, Newest, type LineState } from "./link";
import { PROTOCOL } from "./protocol";
import type { About, AnswersMessage, Asked, CaseText, Changes, Checked, Desk, FileState, FromServer, Hello, Quick, Saved, Shifts, Status, WhatIfMessage } from "./protocol";

type Moves = Record<string, number | null>;
type Keep = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const KEY = Symbol("workbench");
const NOTHING: Status = { state: "idle", job: null, stage: "", done: 0, total: 0, note: "" };
const SAME: FileState = { state: "same", note: "", choices: [] };

export class Workbench {
  line: LineState = $state("connecting");
  /** What the server speaks; a page that lay open may speak another. */
  protocol = $state(PROTOCOL);
  about: About | null = $state.raw(null);
  status: Status = $state.raw(NOTHING);
  file: FileState = $state.raw(SAME);
  /** The newest whole answers, and the newest that were solved for other numbers since. */
  answers: AnswersMessage | null = $state.raw(null);
  quick: Quick | null = $state.raw(null);
  checked: Checked = $state.raw({ revision: 0, problems: [], warnings: [] });
  /** What-ifs that were set by hand, by their key, as they were last answered. */
  answered: ReadonlyMap<string, WhatIfMessage> = $state.raw(new Map());
  /** The last thing the server could not do. */
  trouble = $state("");
  /** The text as it is typed, in this window or another. */
  draft = $state("");
  /** Text that was typed here earlier, and neither saved nor known to the server any more: offered, not forced. */
  offered: { text: string; base: string } | null = $state.raw(null);
  #desk: Desk = $state.raw({ revision: 0, shifts: {}, what_ifs: [] });
  #text: CaseText = $state.raw({ revision: 0, text: "", unsaved: false });
  #moved: Moves = $state.raw({});
  #digest = "";
  #moves: Newest<{ changes: Moves; solve: boolean }>;
  #edits: Newest<string>;
  readonly link: Link;

  constructor(connect?: ConstructorParameters<typeof Link>[1], private readonly keep: Keep | undefined = globalThis.localStorage) {
    const failed = (error: Error) => { this.trouble = error.message; };
    this.#moves = new Newest(
      ({ changes, solve }) => this.link.ask({ type: "shift", changes, solve }),
      (one, other) => ({ changes: { ...one.changes, ...other.changes }, solve: one.solve || other.solve }),
      failed,
    );
    this.#edits = new Newest((text) => this.link.ask({ type: "edit", text, base: this.#digest }), (_, text) => text, failed);
    this.link = new Link(
      { message: (message) => this.#take(message), state: (line) => { this.line = line; }, greeted: (hello, restarted) => this.#greet(hello, restarted) },
      connect,
    );
  }

  /** Where the sliders stand, in this window's eyes. */
  readonly shifts: Shifts = $derived.by(() => overlaid(this.#desk.shifts, this.#moved));
  /** What-ifs that lie on the desk. */
  readonly whatIfs: Asked[] = $derived.by(() => this.#desk.what_ifs);
  /** The text differs from the file. */
  readonly unsaved: boolean = $derived.by(() => this.#text.unsaved || this.draft !== this.#text.text);
  readonly runnable: boolean = $derived.by(() => this.checked.problems.length === 0);
  /** Where the sliders stood when the newest answers were solved. */
  readonly solvedAt: Shifts = $derived.by(() => this.quick?.shifts ?? this.answers?.shifts ?? {});
  /** The newest answers are older than the sliders. */
  readonly behind: boolean = $derived.by(() => !same(this.solvedAt, this.shifts));

  /** Move sliders (null: back to the prior); `solve`: and solve again with them. */
  shift(changes: Moves, solve = false): void {
    this.#moved = { ...this.#moved, ...changes };
    this.#moves.push({ changes, solve });
  }

  edit(text: string): void {
    this.offered = null;
    this.draft = text;
    this.#remember();
    this.#edits.push(text);
  }

  /** Solve again with the sliders as they stand. */
  solve(): void {
    this.#moves.push({ changes: {}, solve: true });
  }

  ask(asked: Asked): Promise<WhatIfMessage> {
    return this.link.ask({ type: "what_if", asked }) as Promise<WhatIfMessage>;
  }

  drop(key: string): Promise<unknown> {
    return this.link.ask({ type: "drop", key });
  }

  changes(what: "shifts" | "text", path?: string): Promise<Changes> {
    return this.link.ask({ type: "changes", what, ...(path ? { path } : {}) }) as Promise<Changes>;
  }

  save(ticket: string): Promise<Saved> {
    return this.link.ask({ type: "save", ticket }) as Promise<Saved>;
  }

  /** Whatever needs no more than its name; trouble is kept in `trouble`. */
  tell(request: { type: "refresh" | "reload" | "keep" } | { type: "reset"; what: "shifts" | "text" | "what_ifs" | "all" }): void {
    this.trouble = "";
    const gone = request.type === "reset" ? request.what : request.type === "reload" ? "text" : "";
    if (gone === "shifts" || gone === "all") {
      this.#moves.drop();
      this.#moved = {};
    }
    if (gone === "text" || gone === "all") this.#edits.drop();
    this.link.ask(request).catch((error: Error) => { this.trouble = error.message; });
  }

  #take(message: FromServer): void {
    switch (message.type) {
      case "answers":
        // Where other numbers stand on the desk, the server says `quick` again after this.
        this.answers = message;
        this.quick = null;
        break;
      case "quick":
        this.quick = message;
        break;
      case "desk":
        this.#lay(message.desk);
        break;
      case "text":
        this.#layText(message.text, message.digest);
        break;
      case "checked":
        this.checked = message.checked;
        break;
      case "typed":
        this.#text = { revision: message.revision, text: this.#edits.unsent[0] ?? this.draft, unsaved: message.unsaved };
        this.#remember();
        break;
      case "status":
        this.status = message.status;
        break;
      case "file":
        this.file = message.file;
        break;
      case "what_if":
        this.answered = new Map(this.answered).set(message.asked.key, message);
        break;
      case "saved":
        this.about = message.case;
        break;
      case "error":
        if (message.id === undefined) this.trouble = message.message;
        break;
      case "hello":
      case "changes":
      case "done":
        break;
    }
  }

  #greet(hello: Hello, restarted: boolean): void {
    const before = { shifts: this.shifts, asked: this.whatIfs, draft: this.draft, unsaved: this.unsaved && this.about !== null };
    this.protocol = hello.protocol;
    this.about = hello.case;
    this.status = hello.status;
    this.file = hello.file;
    this.checked = hello.checked;
    const kept = before.unsaved ? { text: before.draft, base: this.#digest } : null;
    const found = this.#remembered();
    if (!kept && found && !hello.text.unsaved && found.text !== hello.text.text) this.offered = found;
    this.#lay(hello.desk);
    this.#layText(hello.text, hello.digest);
    if (restarted) {
      // The server has forgotten the desk; this window has not.
      if (Object.keys(before.shifts).length) this.shift(before.shifts, true);
      for (const asked of before.asked) this.ask(asked).catch((error: Error) => { this.trouble = error.message; });
    }
    if (kept && !hello.text.unsaved && kept.text !== hello.text.text) this.#putBack(kept);
  }

  /** Go on with the text that is offered, or give it up. */
  takeBack(): void {
    const { offered } = this;
    this.offered = null;
    if (offered) this.#putBack(offered);
  }

  giveUp(): void {
    this.offered = null;
    this.#remember();
  }

  #putBack({ text, base }: { text: string; base: string }): void {
    this.draft = text;
    this.#digest = base;
    this.#remember();
    this.#edits.push(text);
  }

  #lay(desk: Desk): void {
    this.#desk = desk;
    this.#moved = Object.assign({}, ...this.#moves.unsent.map((one) => one.changes)) as Moves;
    const keys = new Set(desk.what_ifs.map((one) => one.key));
    if ([...this.answered.keys()].some((key) => !keys.has(key))) {
      this.answered = new Map([...this.answered].filter(([key]) => keys.has(key)));
    }
  }

  #layText(text: CaseText, digest: string): void {
    this.#text = text;
    this.#digest = digest;
    // What is being typed here reaches the server later than this did, and stands.
    if (this.#edits.unsent.length === 0) this.draft = text.text;
    this.#remember();
  }

  // What is typed survives a reload of the page even where the server has forgotten it.
  #remember(): void {
    if (!this.about || this.offered) return;
    const name = `backchannel draft ${this.about.path}`;
    try {
      if (this.unsaved) this.keep?.setItem(name, JSON.stringify({ text: this.draft, base: this.#digest }));
      else this.keep?.removeItem(name);
    } catch {
      // A full or forbidden store: the server still has the text.
    }
  }

  #remembered(): { text: string; base: string } | null {
    try {
      const found: unknown = JSON.parse(this.keep?.getItem(`backchannel draft ${this.about?.path}`) ?? "null");
      return found && typeof (found as { text?: unknown }).text === "string" ? (found as { text: string; base: string }) : null;
    } catch {
      return null;
    }
  }
}

export const shareWorkbench = (workbench: Workbench): Workbench => setContext(KEY, workbench);
/** The workbench, or undefined in the report and the notebook, where nothing can be solved. */
export const workbench = (): Workbench | undefined => getContext<Workbench | undefined>(KEY);

function overlaid(shifts: Shifts, moved: Moves): Shifts {
  const found: Shifts = { ...shifts };
  for (const [name, score] of Object.entries(moved)) {
    if (score === null) delete found[name];
    else found[name] = score;
  }
  return found;
}

function same(one: Shifts, other: Shifts): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
