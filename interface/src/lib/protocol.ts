// What the page and `backchannel serve` say to each other; src/backchannel/web/messages.py is the other half.
//
// JSON over one WebSocket at /live. Every request has an `id`; exactly one message answers it and carries the same
// `id` (`error` where it cannot be done). Messages without an `id` tell every window what changed. What lies on the
// desk is shared by all windows: the server puts requests in one order, and the last one wins.
import type { Answer, Answers, Certificate, DrawnWhatIf, Draws, NodeForecast, WhatIf } from "./answers";

export const PROTOCOL = 1;

export type Value = string | number;

/** Where the sliders stand: the score of every assumption that was moved (0 is the median of its prior). */
export type Shifts = Record<string, number>;

/** An intervention set by hand, and what to look at. */
export interface Asked {
  /** Chosen by the page; asking again under the same key replaces. */
  key: string;
  /** Nodes set by hand ... */
  do?: Record<string, Value>;
  /** ... or the name of a cause or what-if of the case. */
  cause?: string;
  /** true: when it happens; false: nobody is told; "start"; or a day. Of a cause: as the case has it. */
  announced?: boolean | string;
  told?: string[];
  outcomes: string[];
}

/** What all windows share. */
export interface Desk {
  /** Counts changes of the desk, never goes back while the server runs. */
  revision: number;
  shifts: Shifts;
  what_ifs: Asked[];
}

/** One thing that is wrong or odd about the case text, in the words of `backchannel check`. */
export interface Problem {
  /** From 1; 0 where it concerns the whole text. */
  line: number;
  column: number;
  message: string;
}

export interface CaseText {
  /** Counts edits. */
  revision: number;
  text: string;
  /** It differs from the file. */
  unsaved: boolean;
}

export interface Checked {
  /** The text that was checked. */
  revision: number;
  problems: Problem[];
  warnings: Problem[];
}

/** How the case file is; `note` says it in a sentence where there is something to say. */
export interface FileState {
  /** same: as it was read. changed: somebody changed it, and what is on the desk was kept. gone: it was deleted or moved. */
  state: "same" | "changed" | "gone";
  note: string;
  /** What can be done: `reload` takes the file as it is, `keep` stays with what is on the desk. */
  choices: ("reload" | "keep")[];
}

export interface Status {
  /** failed: the last answers stand, and `note` says why there are no newer ones. */
  state: "idle" | "solving" | "failed";
  job: "quick" | "full" | "what_if" | null;
  /** What is being done, as the terminal says it. */
  stage: string;
  done: number;
  /** 0: nobody knows how long it takes. */
  total: number;
  note: string;
}

export interface About {
  name: string;
  title: string;
  /** Path of the file as the user gave it, or the catalog name. */
  path: string;
  /** Can `save` write it? Cases of the catalog are saved as a new file. */
  editable: boolean;
  /** Where `save` writes if no path is given; for a case of the catalog a proposal. */
  save_as: string;
  /** Draws of every answer. */
  draws: number;
  seed: number;
}

export type Request =
  /** Move sliders: only those named change; null puts one back to its prior. `solve`: solve again at once. */
  | { type: "shift"; changes: Record<string, number | null>; solve?: boolean }
  /** Solve again with the sliders as they stand; answered by `done`, followed by `quick`. */
  | { type: "solve" }
  | { type: "what_if"; asked: Asked }
  /** Take a what-if off the desk. */
  | { type: "drop"; key: string }
  /** The whole text as it is typed. `base`: digest of the file that the draft began from, where it is known. */
  | { type: "edit"; text: string; base?: string }
  /** What saving would change: the sliders written as priors into the file, or the text as edited. */
  | { type: "changes"; what: "shifts" | "text"; path?: string }
  | { type: "save"; ticket: string }
  /** All answers anew, for what is on the desk. */
  | { type: "refresh" }
  /** Take the file as it is on disk; what was typed and not saved is given up. */
  | { type: "reload" }
  /** Stay with what is on the desk though the file has changed. */
  | { type: "keep" }
  | { type: "reset"; what: "shifts" | "text" | "what_ifs" | "all" };

export type Sent = Request & { id: number };

interface Answering {
  /** The request that this answers; other windows get the same message without. */
  id?: number;
}

export interface Hello {
  type: "hello";
  protocol: number;
  version: string;
  /** Another one after the server was started again: what lay on its desk is gone. */
  launch: string;
  case: About;
  desk: Desk;
  text: CaseText;
  /** Digest of the file as it was read. */
  digest: string;
  checked: Checked;
  file: FileState;
  status: Status;
}
/** A whole answers document, and where the sliders stood when it was solved. */
export interface AnswersMessage {
  type: "answers";
  answers: Answers;
  shifts: Shifts;
  /** Of the case text. */
  text_revision: number;
}
/** Solved again with other numbers. Comes twice where there are what-ifs: without them first, so that it is soon. */
export interface Quick {
  type: "quick";
  shifts: Shifts;
  text_revision: number;
  forecasts: NodeForecast[];
  /** Scores are those of the unshifted priors; the draws themselves were taken where the sliders stood. */
  draws: Draws;
  /** Of the case's questions, those that need nothing but the forecasts (and the what-ifs, once `complete`). */
  answers: Answer[];
  what_ifs: WhatIf[];
  certificate: Pick<Certificate, "draws" | "converged" | "effective_draws" | "left_out">;
  /** From request to answer. */
  seconds: number;
  complete: boolean;
}
/** A what-if that was set by hand; `columns` belong to the newest draws, of `quick` or of `answers`. */
export interface WhatIfMessage extends Answering {
  type: "what_if";
  asked: Asked;
  what_if: WhatIf;
  columns: DrawnWhatIf;
  /** Where the sliders stood. */
  shifts: Shifts;
}
export interface DeskMessage extends Answering {
  type: "desk";
  desk: Desk;
}
export interface TextMessage extends Answering {
  type: "text";
  text: CaseText;
  digest: string;
}
/** An edit has been taken; what a check of it found comes as `checked`. */
export interface Typed extends Answering {
  type: "typed";
  revision: number;
  unsaved: boolean;
}
export interface CheckedMessage {
  type: "checked";
  checked: Checked;
}
export interface StatusMessage {
  type: "status";
  status: Status;
}
export interface FileMessage {
  type: "file";
  file: FileState;
}
export interface Changes extends Answering {
  type: "changes";
  what: "shifts" | "text";
  /** Unified difference; empty: nothing would change. */
  diff: string;
  /** Where it would be written. */
  path: string;
  /** For `save`; empty where there is nothing to save, and `note` says why. */
  ticket: string;
  note: string;
  /** Sliders that cannot be written into the file, each with the reason. */
  left_out: { parameter: string; reason: string }[];
}
export interface Saved extends Answering {
  type: "saved";
  path: string;
  note: string;
  /** A case saved as a new file goes on from there. */
  case: About;
}
/** The request was carried out, and there is nothing more to say. */
export interface Done extends Answering {
  type: "done";
}
export interface Failure {
  type: "error";
  /** Missing where the message was no request at all. */
  id?: number;
  message: string;
}

export type FromServer =
  | Hello
  | AnswersMessage
  | Quick
  | WhatIfMessage
  | DeskMessage
  | TextMessage
  | Typed
  | CheckedMessage
  | StatusMessage
  | FileMessage
  | Changes
  | Saved
  | Done
  | Failure;
