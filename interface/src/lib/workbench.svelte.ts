// The workbench as a page sees it: the state that all windows share, what is being solved, and the state of the file.
//
// A window shows its own inputs at once, and those of other windows when the server sends them. Inputs that the server
// has not confirmed yet override what it sends, so that an older state never replaces a newer input.
import { getContext, setContext } from "svelte";
import { Link, Newest, type LineState } from "./link";
import { PROTOCOL } from "./messages";
import type { Answers } from "./answers";
import type { About, AnswersMessage, ChangedMessage, CustomWhatIf, TextView, ChangesMessage, Checked, SharedView, SketchMessage, FileState, FromServer, HelloMessage, HistoryView, Operation, OutlineMessage, PartialMessage, PreviewedMessage, QuickMessage, RivalsMessage, SavedMessage, Shifts, SolvingStatus, WhatIfMessage } from "./messages";

type Moves = Record<string, number | null>;
/** How the answers stand to the text and the sliders. */
export type Standing =
  /** Everything was solved for both. */
  | "current"
  /** The text has problems, or is being checked: these are the answers to an earlier one. */
  | "invalid"
  | "checking"
  /** The text has no problems, and answers to it are still missing. */
  | "other case"
  /** What follows the sliders is reweighted; nothing was solved with them. */
  | "reweighted"
  /** Forecasts were solved with the sliders; what-ifs were not yet. */
  | "what-ifs follow"
  /** Forecasts and what-ifs were solved with the sliders; the rest of the document was not. */
  | "partly";
type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Characters of what a step of the history is called. */
const LONGEST_STEP = 200;
const KEY = Symbol("workbench");
const IDLE: SolvingStatus = { state: "idle", job: null, stage: "", done: 0, total: 0, place: "", note: "" };
const NO_HISTORY: HistoryView = { undo: null, redo: null, n_undo: 0, n_redo: 0, difference: "" };
const SAME: FileState = { state: "same", note: "", choices: [] };

export class Workbench {
  line: LineState = $state("connecting");
  /** The server's protocol; an open page may be older. */
  protocol = $state(PROTOCOL);
  about: About | null = $state.raw(null);
  status: SolvingStatus = $state.raw(IDLE);
  file: FileState = $state.raw(SAME);
  /** The newest full answers, and the newest that were solved with other numbers since. */
  answers: AnswersMessage | null = $state.raw(null);
  quick: QuickMessage | null = $state.raw(null);
  /** The diagram of a text that is not checked yet, or has problems. */
  sketch: SketchMessage | null = $state.raw(null);
  /** What is answered so far, before there are any full answers. */
  partial: PartialMessage | null = $state.raw(null);
  checked: Checked = $state.raw({ revision: 0, problems: [], warnings: [] });
  /** What can be undone and redone, by whichever window it was done. */
  history: HistoryView = $state.raw(NO_HISTORY);
  /** What the last text that can be read says, and the document in which nothing is solved yet. */
  outline: OutlineMessage | null = $state.raw(null);
  /** The last answer to each custom what-if, by its key. */
  answered: ReadonlyMap<string, WhatIfMessage> = $state.raw(new Map());
  /** The last rivals that a window asked for, and what each of those that are being solved has shown so far. */
  rivals: RivalsMessage | null = $state.raw(null);
  rivalLines: string[] = $state.raw([]);
  /** Counts entries in the ledger, by this window or another: what a view shows of it is then older. */
  entries = $state(0);
  /** The last error message of the server. */
  trouble = $state("");
  /** The text as it is typed, in this window or another. */
  draft = $state("");
  /** Text that was typed here earlier, was not saved, and is not known to the server any more: offered, not forced. */
  offered: { text: string; base: string } | null = $state.raw(null);
  #shared: SharedView = $state.raw({ revision: 0, shifts: {}, what_ifs: [], case_digest: "" });
  /** The sliders of the case before this one, while its answers are still shown. */
  #before: { of: string; shifts: Shifts } | null = $state.raw(null);
  #text: TextView = $state.raw({ revision: 0, text: "", unsaved: false });
  #moved: Moves = $state.raw({});
  #digest = "";
  #moves: Newest<{ changes: Moves; solve: boolean }>;
  #edits: Newest<string>;
  readonly link: Link;

  constructor(connect?: ConstructorParameters<typeof Link>[1], private readonly storage: DraftStorage | undefined = globalThis.localStorage) {
    const failed = (error: Error) => { this.trouble = error.message; };
    this.#moves = new Newest(
      ({ changes, solve }) => this.link.ask({ type: "shift", changes, solve }),
      (one, other) => ({ changes: { ...one.changes, ...other.changes }, solve: one.solve || other.solve }),
      failed,
    );
    this.#edits = new Newest((text) => this.link.ask({ type: "edit", text, base: this.#digest }), (_, text) => text, failed);
    this.link = new Link(
      { message: (message) => this.#receive(message), state: (line) => { this.line = line; }, greeted: (hello, restarted) => this.#greet(hello, restarted) },
      connect,
    );
  }

  /** The sliders as this window shows them. */
  readonly shifts: Shifts = $derived.by(() => withMoves(this.#shared.shifts, this.#moved));
  /** Custom what-ifs that all windows share. */
  readonly whatIfs: CustomWhatIf[] = $derived.by(() => this.#shared.what_ifs);
  /** Whether the text differs from the file. */
  readonly unsaved: boolean = $derived.by(() => this.#text.unsaved || this.draft !== this.#text.text);
  /** The keys and values of the case as they are written; keys that are numbers are text here. */
  readonly content: Record<string, unknown> = $derived.by(() => (this.outline?.content ?? {}) as Record<string, unknown>);
  /** The newest diagram of the text as it is: that of its check, or its sketch. */
  readonly drawn: Pick<Answers, "nodes" | "interests" | "layout"> | null = $derived.by(() => {
    const checked = this.outline?.answers as Answers | null | undefined;
    const isNewer = this.sketch && (!checked || this.sketch.revision > this.outline!.revision);
    return (isNewer ? this.sketch : checked) ?? null;
  });
  /** The document that is shown: the newest full answers, with the diagram of the text as it is; until there are any,
   * what is answered so far, and at first what the case says. */
  readonly document: Answers | null = $derived.by(() => {
    const said = this.outline?.answers as Answers | null | undefined;
    const partial = this.partial?.case_digest === this.outline?.case_digest ? this.partial : null;
    const solved = this.answers ?? partial;
    const shown = solved?.answers ?? said ?? null;
    const isOfText = !solved || solved.case_digest === this.outline?.case_digest;
    if (!shown || !this.drawn || (this.drawn === said && isOfText)) return shown;
    return withDiagram({ ...shown, case: said?.case ?? shown.case }, this.drawn);
  });
  readonly runnable: boolean = $derived.by(() => this.checked.problems.length === 0);
  /** The case that the sliders belong to: that of the last text without problems. */
  readonly caseDigest: string = $derived.by(() => this.#shared.case_digest);
  /** The sliders that what is shown is reweighted to: those of the case that was solved, also after the case has changed. */
  readonly shownShifts: Shifts = $derived.by(() => {
    const newest = this.quick ?? this.answers;
    if (!newest || newest.case_digest === this.caseDigest) return this.shifts;
    return this.#before?.of === newest.case_digest ? this.#before.shifts : newest.shifts;
  });
  readonly standing: Standing = $derived.by(() => {
    if (this.checked.problems.length) return "invalid";
    if (this.checked.revision !== this.#text.revision || this.draft !== this.#text.text) return "checking";
    const newest = this.quick ?? this.answers;
    if (!newest || !this.answers || newest.case_digest !== this.caseDigest) return "other case";
    if (!same(newest.shifts, this.shifts)) return "reweighted";
    if (this.quick && !this.quick.complete) return "what-ifs follow";
    return this.#isAtDesk(this.answers) ? "current" : "partly";
  });
  /** Whether the whole document was solved for the text and the sliders as they are now. */
  readonly isCurrent: boolean = $derived.by(() => this.standing !== "invalid" && this.standing !== "checking" && this.answers !== null && this.#isAtDesk(this.answers));

  /** Whether the case is solved as it is written now, with whatever sliders: news and the ledger build on that. */
  readonly isAnswered: boolean = $derived.by(() => this.answers?.case_digest === this.caseDigest);

  /** Whether something was solved for the case and the sliders as they are now. */
  #isAtDesk(solved: { case_digest: string; shifts: Shifts }): boolean {
    return solved.case_digest === this.caseDigest && same(solved.shifts, this.shifts);
  }

  /** Move sliders (null: back to the prior), and solve again if `solve`. */
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

  /** Solve again with the current sliders. */
  solve(): void {
    this.#moves.push({ changes: {}, solve: true });
  }

  /** Change the case, in all windows: all operations are carried out, or none. `what`: an order, for the history. */
  async change(operations: Operation[], what: string): Promise<ChangedMessage> {
    await this.#allSent();
    return this.link.ask({ type: "change", operations, what: what.slice(0, LONGEST_STEP) }) as Promise<ChangedMessage>;
  }

  /** What a change would do: how the text would differ, what else would go, and what a check would say. */
  async preview(operations: Operation[]): Promise<PreviewedMessage> {
    await this.#allSent();
    return this.link.ask({ type: "preview", operations }) as Promise<PreviewedMessage>;
  }

  undo(): Promise<void> {
    return this.#step("undo");
  }

  redo(): Promise<void> {
    return this.#step("redo");
  }

  async #step(type: "undo" | "redo"): Promise<void> {
    this.trouble = "";
    // What is being typed or moved belongs to the history, too.
    await this.#allSent();
    await this.link.ask({ type }).catch((error: Error) => { this.trouble = error.message; });
  }

  async #allSent(): Promise<void> {
    await Promise.all([this.#edits.sent, this.#moves.sent]);
  }

  ask(asked: CustomWhatIf): Promise<WhatIfMessage> {
    return this.link.ask({ type: "what_if", asked }) as Promise<WhatIfMessage>;
  }

  drop(key: string): Promise<unknown> {
    return this.link.ask({ type: "drop", key });
  }

  /** What saving would change. `reasons`: by slider, why the analyst thinks so; without one for each, nothing can be saved. */
  changes(what: "shifts" | "text", path?: string, reasons?: Record<string, string>): Promise<ChangesMessage> {
    return this.link.ask({ type: "changes", what, ...(path ? { path } : {}), ...(reasons ? { reasons } : {}) }) as Promise<ChangesMessage>;
  }

  save(ticket: string): Promise<SavedMessage> {
    return this.link.ask({ type: "save", ticket }) as Promise<SavedMessage>;
  }

  /** Send a request without contents; an error goes to `trouble`. */
  tell(request: { type: "refresh" | "reload" | "keep" } | { type: "reset"; what: "shifts" | "text" | "what_ifs" | "all" }): void {
    this.trouble = "";
    const dropped = request.type === "reset" ? request.what : request.type === "reload" ? "text" : "";
    if (dropped === "shifts" || dropped === "all") {
      this.#moves.drop();
      this.#moved = {};
    }
    if (dropped === "text" || dropped === "all") {
      this.#edits.drop();
      // What was typed can be taken up again.
      if (this.unsaved) this.offered = { text: this.draft, base: this.#digest };
    }
    this.link.ask(request).catch((error: Error) => { this.trouble = error.message; });
  }

  #receive(message: FromServer): void {
    switch (message.type) {
      case "answers":
        // If the sliders have moved since, the server sends `quick` again after this.
        this.answers = message;
        this.quick = null;
        this.partial = null;
        break;
      case "partial":
        this.partial = message;
        break;
      case "quick":
        this.quick = message;
        break;
      case "shared":
        this.#takeShared(message.shared);
        break;
      case "text":
        this.#takeText(message.text, message.digest);
        break;
      case "checked":
        this.checked = message.checked;
        break;
      case "typed":
        this.#text = { revision: message.revision, text: this.#edits.unsent[0] ?? this.draft, unsaved: message.unsaved };
        this.#remember();
        break;
      case "outline":
        this.outline = message;
        break;
      case "sketch":
        this.sketch = message;
        break;
      case "history":
        this.history = message.history;
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
      case "rivals":
        this.rivals = message;
        break;
      case "rival_told":
        this.rivalLines = message.number === 1 ? [message.line] : [...this.rivalLines, message.line];
        break;
      case "ledger_entered":
        this.entries += 1;
        break;
      default:
        // Answers to requests: whoever asked gets them.
        break;
    }
  }

  #greet(hello: HelloMessage, restarted: boolean): void {
    const before = { shifts: this.shifts, asked: this.whatIfs, draft: this.draft, unsaved: this.unsaved && this.about !== null };
    this.protocol = hello.protocol;
    this.about = hello.case;
    this.status = hello.status;
    this.file = hello.file;
    this.checked = hello.checked;
    this.history = hello.history;
    const kept = before.unsaved ? { text: before.draft, base: this.#digest } : null;
    const found = this.#remembered();
    if (!kept && found && !hello.text.unsaved && found.text !== hello.text.text) this.offered = found;
    this.#takeShared(hello.shared);
    this.#takeText(hello.text, hello.digest);
    if (restarted) {
      // The server has lost the shared state; this window has not.
      if (Object.keys(before.shifts).length) this.shift(before.shifts, true);
      for (const asked of before.asked) this.ask(asked).catch((error: Error) => { this.trouble = error.message; });
    }
    if (kept && !hello.text.unsaved && kept.text !== hello.text.text) this.#restore(kept);
  }

  /** Continue with the offered text. */
  restoreOffer(): void {
    const { offered } = this;
    this.offered = null;
    if (offered) this.#restore(offered);
  }

  /** Drop the offered text. */
  discardOffer(): void {
    this.offered = null;
    this.#remember();
  }

  #restore({ text, base }: { text: string; base: string }): void {
    this.draft = text;
    this.#digest = base;
    this.#remember();
    this.#edits.push(text);
  }

  #takeShared(shared: SharedView): void {
    const of = (this.quick ?? this.answers)?.case_digest;
    if (of && of === this.caseDigest && of !== shared.case_digest) this.#before = { of, shifts: this.shifts };
    this.#shared = shared;
    this.#moved = Object.assign({}, ...this.#moves.unsent.map((one) => one.changes)) as Moves;
    const keys = new Set(shared.what_ifs.map((one) => one.key));
    if ([...this.answered.keys()].some((key) => !keys.has(key))) {
      this.answered = new Map([...this.answered].filter(([key]) => keys.has(key)));
    }
  }

  #takeText(text: TextView, digest: string): void {
    this.#text = text;
    this.#digest = digest;
    // What is being typed here is newer than this message.
    if (this.#edits.unsent.length === 0) this.draft = text.text;
    this.#remember();
  }

  // Unsaved text survives a reload of the page, even if the server has lost it.
  #remember(): void {
    if (!this.about || this.offered) return;
    const name = `backchannel draft ${this.about.path}`;
    try {
      if (this.unsaved) this.storage?.setItem(name, JSON.stringify({ text: this.draft, base: this.#digest }));
      else this.storage?.removeItem(name);
    } catch {
      // The storage is full or forbidden: the server still has the text.
    }
  }

  #remembered(): { text: string; base: string } | null {
    try {
      const found: unknown = JSON.parse(this.storage?.getItem(`backchannel draft ${this.about?.path}`) ?? "null");
      return found && typeof (found as { text?: unknown }).text === "string" ? (found as { text: string; base: string }) : null;
    } catch {
      return null;
    }
  }
}

export const shareWorkbench = (workbench: Workbench): Workbench => setContext(KEY, workbench);
/** The workbench, or undefined in the report and the notebook, where nothing can be solved. */
export const workbench = (): Workbench | undefined => getContext<Workbench | undefined>(KEY);

/** A document with another diagram; worths are those of the interests that were solved. */
function withDiagram(shown: Answers, drawn: Pick<Answers, "nodes" | "interests" | "layout">): Answers {
  const worths = new Map(shown.interests.map((one) => [one.name, one.expected]));
  const interests = drawn.interests.map((one) => ({ ...one, expected: worths.get(one.name) ?? one.expected }));
  return { ...shown, nodes: drawn.nodes, interests, layout: drawn.layout };
}

function withMoves(shifts: Shifts, moved: Moves): Shifts {
  const found: Shifts = { ...shifts };
  for (const [name, score] of Object.entries(moved)) {
    if (score === null) delete found[name];
    else found[name] = score;
  }
  return found;
}

/** Whether sliders stand alike. */
export function same(one: Shifts, other: Shifts): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
