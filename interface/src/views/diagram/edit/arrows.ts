// Arrows: who sees what, and what odds depend on. An arrow is drawn, or taken away, as a change of the file.
import type { Operation } from "../../../lib/messages";
import { baseName, entryOf, listOf, textOf, type CaseContent } from "../../../lib/content";
import { toTime } from "./dates";
import { mechanismOf, withoutParent, withParent } from "./mechanism";

/** A change that draws or removes an arrow, or why it cannot be made. */
export type ArrowChange = { operations: Operation[]; what: string } | { refused: string };

const set = (path: (string | number)[], value: unknown): Operation => ({ kind: "set", path, value }) as Operation;

/** How a list of nodes names a node that stands in another round than the reader, or in none. */
function reference(content: CaseContent, source: string, target: string): string {
  if (!content.repeats(target) || !content.repeats(source)) return source;
  const [from, to] = [roundOf(source), roundOf(target)];
  return from !== null && to !== null && from === to - 1 ? `${baseName(source)}@prev` : baseName(source);
}

function roundOf(name: string): number | null {
  const round = Number(name.split("@")[1]);
  return Number.isInteger(round) && round > 0 ? round : null;
}

/** Whether a decision's player sees a node, by what the file says. */
export function sees(content: CaseContent, target: string, source: string): boolean {
  const decision = content.node(target);
  if (!decision) return false;
  if ("sees" in decision || !content.isPublic) return listOf(decision["sees"]).map(textOf).includes(reference(content, source, target));
  return isEarlier(content, source, target) && !hiddenFrom(content, source).includes(textOf(decision["player"]));
}

const hiddenFrom = (content: CaseContent, name: string): string[] => listOf(content.node(name)?.["hidden_from"]).map(textOf);

/** Whether a node comes about before a decision; one without a day is there from the start. */
function isEarlier(content: CaseContent, source: string, target: string): boolean {
  const [from, to] = [content.date(source), content.date(target)];
  return !from || !to || toTime(from) < toTime(to);
}

/** Whether a decision may list a node as seen: not one of a later day. */
export function maySee(content: CaseContent, target: string, source: string): boolean {
  const [from, to] = [content.date(source), content.date(target)];
  if (baseName(source) === baseName(target) && source === target) return false;
  return !from || !to || toTime(from) <= toTime(to);
}

/** Draw an arrow. */
export function connect(content: CaseContent, source: string, target: string): ArrowChange {
  if (source === target) return { refused: "An arrow leads to another node." };
  if (!content.node(source)) return { refused: "Nothing depends on an interest, so no arrow starts there." };
  if (content.interest(target) && !content.node(target)) return { refused: `An interest depends on what its worth names. Write ${source} into the worth of ${target}.` };
  const kind = content.kind(target);
  if (kind === "derived") return { refused: `A derived node depends on what its expression names. Write ${source} into the expression of ${content.title(target)}.` };
  if (kind === "chance") return addParent(content, source, target);
  return kind === "decision" ? show(content, source, target) : { refused: `${target} is not in the file.` };
}

/** Remove an arrow. */
export function disconnect(content: CaseContent, source: string, target: string): ArrowChange {
  const kind = content.kind(target);
  if (kind === "decision") return hide(content, source, target);
  if (kind === "chance") {
    const weights = withoutParent(content, target, source);
    const form = "odds" in entryOf(content.node(target)) ? "odds" : "probability";
    if (weights) return { operations: [set([...content.nodePath(target)!, form], weights)], what: `Let ${target} not depend on ${source}` };
  }
  return { refused: `The arrow follows from an expression. Take ${source} out of the expression of ${target}.` };
}

function show(content: CaseContent, source: string, target: string): ArrowChange {
  const decision = content.node(target)!;
  const player = textOf(decision["player"]);
  const what = `Show ${source} to ${target}`;
  if (!maySee(content, target, source)) {
    return { refused: `${content.title(source)} comes about on ${content.date(source)}, after ${content.title(target)} on ${content.date(target)}. Move one of them first.` };
  }
  if (sees(content, target, source)) return { refused: content.isPublic && !("sees" in decision) ? `${content.playerTitle(player)} sees it already: it is public. No arrow is drawn where it makes no difference.` : `${content.playerTitle(player)} sees it already.` };
  const path = content.nodePath(target)!;
  if ("sees" in decision || !content.isPublic) {
    const seen = listOf(decision["sees"]).map(textOf);
    return { operations: ["sees" in decision ? ({ kind: "insert", path: [...path, "sees"], index: null, value: reference(content, source, target) } as Operation) : set([...path, "sees"], [...seen, reference(content, source, target)])], what };
  }
  if (!hiddenFrom(content, source).includes(player)) return { refused: `${content.title(source)} is public, but it does not come about on an earlier day than ${content.title(target)}.` };
  return { operations: withHidden(content, source, hiddenFrom(content, source).filter((other) => other !== player)), what: `Show ${source} to ${player}` };
}

function hide(content: CaseContent, source: string, target: string): ArrowChange {
  const decision = content.node(target)!;
  const player = textOf(decision["player"]);
  if ("sees" in decision || !content.isPublic) {
    const index = listOf(decision["sees"]).map(textOf).indexOf(reference(content, source, target));
    if (index < 0) return { refused: `${target} does not list ${source} among what it sees.` };
    return { operations: [{ kind: "remove", path: [...content.nodePath(target)!, "sees", index] } as Operation], what: `Hide ${source} from ${target}` };
  }
  if (textOf(content.node(source)?.["player"]) === player) return { refused: `${content.playerTitle(player)} decides ${content.title(source)}, so it knows it.` };
  return { operations: withHidden(content, source, [...hiddenFrom(content, source), player]), what: `Hide ${source} from ${player}` };
}

function withHidden(content: CaseContent, source: string, players: string[]): Operation[] {
  const path = [...content.nodePath(source)!, "hidden_from"];
  return [players.length ? set(path, players) : ({ kind: "remove", path } as Operation)];
}

function addParent(content: CaseContent, source: string, target: string): ArrowChange {
  const table = withParent(content, target, reference(content, source, target));
  const form = "odds" in entryOf(content.node(target)) ? "odds" : "probability";
  if (!table) return { refused: `The odds of ${content.title(target)} cannot be spread over ${content.title(source)} here. Write the table in the case text.` };
  return { operations: [set([...content.nodePath(target)!, form], table)], what: `Let ${target} depend on ${source}` };
}

/** Whether the file says that a node is seen by a decision, or that odds depend on it. */
export function drawn(content: CaseContent, source: string, target: string): boolean {
  if (content.kind(target) === "decision") return sees(content, target, source);
  return content.kind(target) === "chance" && (mechanismOf(content, target)?.over.includes(reference(content, source, target)) ?? false);
}
