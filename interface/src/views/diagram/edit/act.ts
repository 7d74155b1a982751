// What a key does on the diagram.
import { later } from "./dates";
import type { Addable } from "./additions";
import type { Editing } from "./editing.svelte";
import type { KeyLine } from "./keys";

/** What the keys reach beside the editing. */
export interface Reach {
  fold: (name: string) => void;
  bear: (name: string) => void;
  search: () => void;
  full: () => void;
  help: () => void;
}

const DAYS: Partial<Record<KeyLine["action"], number>> = { earlier: -1, later: 1, "week earlier": -7, "week later": 7 };

/** Carry out a key for a node; whether it had a meaning. */
export function act({ action, isReading }: KeyLine, name: string | null, reach: Reach, editing: Editing | undefined): boolean {
  if (isReading) {
    if (action === "search") reach.search();
    else if (action === "full") reach.full();
    else if (action === "help") reach.help();
    else if (name === null) return false;
    else if (action === "fold") reach.fold(name);
    else reach.bear(name);
    return true;
  }
  if (!editing) return false;
  if (action.startsWith("add ")) {
    // What is added follows the node that has the keyboard.
    if (name !== null) editing.select(name);
    void editing.add(action.slice(4) as Addable);
  } else if (name !== null) actOnNode(action, name, editing);
  else return false;
  return true;
}

function actOnNode(action: KeyLine["action"], name: string, editing: Editing): void {
  const part = editing.scene.isInterest(name) ? "interest" : "node";
  const days = DAYS[action];
  if (action === "connect") editing.from = name;
  else if (action === "delete") editing.askToDelete(part, name);
  else if (days !== undefined) void dateBy(name, days, editing);
  else {
    editing.select(name);
    [editing.isOpen, editing.focus] = [true, action === "rename" ? "name" : "title"];
  }
}

async function dateBy(name: string, days: number, editing: Editing): Promise<void> {
  const date = editing.content.date(name) || editing.scene.nodes.get(name)?.date;
  if (date) await editing.date(name, later(date, days));
  else editing.refuse(`${editing.content.title(name)} has no day yet. Give it one in the panel.`);
}
