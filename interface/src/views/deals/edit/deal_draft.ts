// A deal while it is edited: its entry as the file would write it, and where each of its steps stands in the file.
import { entryOf, isEntry, isValue, listOf, textOf, withKey, type Entry, type Value } from "../../../lib/content";
import { isPlainAmount } from "../../../lib/amounts";
import { move, remove, set, type Path } from "../../../lib/entries";
import type { Operation } from "../../../lib/messages";

export interface DealDraft {
  entry: Entry;
  /** By step, its position in the file; null for a new one. */
  origins: (number | null)[];
}
/** A promise of a step: one of these actions is taken at this decision. */
export interface DealPromise {
  decision: string;
  actions: Value[];
}

export const stepsOf = (entry: Entry): Entry[] => listOf(entry["steps"]).map(entryOf);
export const guaranteesOf = (entry: Entry): Entry[] => listOf(entry["guarantees"]).map(entryOf);
export const partiesOf = (entry: Entry): string[] => listOf(entry["parties"]).map(textOf);
export const promisesOf = (step: Entry): DealPromise[] => Object.entries(entryOf(step["do"])).map(([decision, actions]) => ({ decision, actions: listOf(actions).filter(isValue) }));

/** A deal that nothing is said of yet, but two parties where there are that many players. */
export const newDeal = (parties: readonly string[]): DealDraft => ({ entry: { parties: parties.slice(0, 2), steps: [{ do: {} }] }, origins: [null] });
export const draftOf = (entry: Entry): DealDraft => ({ entry, origins: stepsOf(entry).map((_, i) => i) });

/** A step with other promises; one action stands alone, several are alternatives. */
export const withPromises = (step: Entry, promises: readonly DealPromise[]): Entry => ({
  ...step,
  do: Object.fromEntries(promises.map(({ decision, actions }) => [decision, actions.length === 1 ? actions[0] : actions])),
});

export const withStep = (draft: DealDraft, i: number, step: Entry): DealDraft => ({ ...draft, entry: { ...draft.entry, steps: stepsOf(draft.entry).with(i, step) } });
export const addStep = ({ entry, origins }: DealDraft): DealDraft => ({ entry: { ...entry, steps: [...stepsOf(entry), { do: {} }] }, origins: [...origins, null] });

/** The deal without a step; payments after it become payments after all steps. */
export function removeStep({ entry, origins }: DealDraft, i: number): DealDraft {
  return arranged(entry, origins, origins.map((_, j) => j).filter((j) => j !== i));
}

/** The deal with a step in another place; payments stay after the step that they follow. */
export function moveStep({ entry, origins }: DealDraft, i: number, to: number): DealDraft {
  const order = origins.map((_, j) => j);
  order.splice(to, 0, ...order.splice(i, 1));
  return arranged(entry, origins, order);
}

function arranged(entry: Entry, origins: (number | null)[], order: number[]): DealDraft {
  const steps = stepsOf(entry);
  const guarantees = guaranteesOf(entry).map((guarantee) => {
    const after = guarantee["after"];
    if (typeof after !== "number") return guarantee;
    const place = order.indexOf(after - 1);
    return place < 0 ? withKey(guarantee, "after", undefined) : { ...guarantee, after: place + 1 };
  });
  const changed = { ...entry, steps: order.map((j) => steps[j]!) };
  return { entry: guarantees.length ? { ...changed, guarantees } : changed, origins: order.map((j) => origins[j]!) };
}

/** The operations that lead from the steps of the file to the order of a draft: first what goes, then what moves. */
function ordered(path: Path, nWritten: number, origins: readonly (number | null)[]): Operation[] {
  const operations: Operation[] = [];
  let left = Array.from({ length: nWritten }, (_, i) => i);
  // If all steps went, nothing would be left to add to: then the list is set as a whole.
  if (!origins.some((origin) => origin !== null)) return [];
  for (let i = nWritten - 1; i >= 0; i--) if (!origins.includes(i)) operations.push(remove([...path, i]));
  left = left.filter((i) => origins.includes(i));
  origins.filter((origin) => origin !== null).forEach((origin, place) => {
    const here = left.indexOf(origin);
    if (here === place) return;
    operations.push(move([...path, here], place));
    left.splice(place, 0, ...left.splice(here, 1));
  });
  return operations;
}

/** The changes of the file that enter a deal: steps keep the comments beside them. */
export function dealOperations(name: string, written: Entry | null, { entry, origins }: DealDraft): Operation[] {
  const path: Path = ["deals", name];
  const moves = written ? ordered([...path, "steps"], stepsOf(written).length, origins) : [];
  return [...moves, set(path, entry)];
}

/** Whether the deal has amounts that need a reason. */
export function hasPlainAmounts(entry: Entry): boolean {
  const amounts = [entry["breach"], ...guaranteesOf(entry).flatMap((guarantee) => [guarantee["pays"], guarantee["punishes"], guarantee["costs"]])];
  return amounts.some((amount) => (isEntry(amount) ? Object.values(amount).some(isPlainAmount) : isPlainAmount(amount)));
}

/** The first thing that is missing, in a sentence; empty where nothing is. */
export function missingOf(entry: Entry): string {
  if (partiesOf(entry).length < 2) return "Tick at least two parties.";
  const steps = stepsOf(entry);
  if (steps.length === 0) return "Add a step: what somebody promises to do.";
  for (const [i, step] of steps.entries()) {
    const promises = promisesOf(step);
    if (promises.length === 0) return `Step ${i + 1}: choose whose decision is promised.`;
    if (promises.some(({ actions }) => actions.length === 0)) return `Step ${i + 1}: tick the action that is promised.`;
    if (textOf(step["together"]) && promises.length < 2) return `Step ${i + 1}: promises at the same time are those of two players. Add another promise, or let it stand alone.`;
  }
  for (const [i, guarantee] of guaranteesOf(entry).entries()) {
    const amounts = Object.values(entryOf(guarantee["pays"] ?? guarantee["punishes"]));
    if (amounts.length === 0 || amounts.some((amount) => spaces(amount))) return `Payment or punishment ${i + 1}: say whom it goes to, and how much it is.`;
  }
  return "";
}

const spaces = (amount: unknown): boolean => amount === null || amount === undefined || amount === "";
