// What the keys do on the diagram. The help lists the same table that the keys are read from.
import { ADDABLE, type Addable } from "./additions";

export type Action = "menu" | "connect" | "edit" | "rename" | "delete" | "earlier" | "later" | "week earlier" | "week later" | "fold" | "bearing" | "search" | "full" | "help" | `add ${Addable}`;

export interface KeyLine {
  keys: string[];
  action: Action;
  says: string;
  /** Works in the report too, where nothing can be edited. */
  isReading?: true;
}

/** The keys with a meaning on the diagram; arrows, Enter and Escape are written out in the help. */
export const KEYS: KeyLine[] = [
  ...ADDABLE.map(({ kind, says, article, key }): KeyLine => ({ keys: [key], action: `add ${kind}`, says: `add ${article} ${says}` })),
  { keys: ["a", "ContextMenu"], action: "menu", says: "menu of what can be added" },
  { keys: ["x"], action: "connect", says: "draw an arrow from here, or remove one: go to the other node and press Enter" },
  { keys: ["e"], action: "edit", says: "edit the node in the panel" },
  { keys: ["F2", "r"], action: "rename", says: "rename it" },
  { keys: ["Delete", "Backspace"], action: "delete", says: "delete it, after a question" },
  { keys: ["["], action: "earlier", says: "a day earlier" },
  { keys: ["]"], action: "later", says: "a day later" },
  { keys: ["{"], action: "week earlier", says: "a week earlier" },
  { keys: ["}"], action: "week later", says: "a week later" },
  { keys: ["f"], action: "fold", says: "fold its time, or the interests of its player", isReading: true },
  { keys: ["b"], action: "bearing", says: "show only what bears on it, or everything again", isReading: true },
  { keys: ["/"], action: "search", says: "find a node", isReading: true },
  { keys: ["s"], action: "full", says: "full screen, and back", isReading: true },
  { keys: ["?"], action: "help", says: "this list", isReading: true },
];

/** What a key means; null where it means nothing here. */
export function actionOf({ key, ctrlKey, metaKey, altKey }: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): KeyLine | null {
  return ctrlKey || metaKey || altKey ? null : (KEYS.find(({ keys }) => keys.includes(key)) ?? null);
}
