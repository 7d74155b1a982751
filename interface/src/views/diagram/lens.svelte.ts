// Which part of a large diagram is shown: filters, folds and search. None of it changes the case.
import { day } from "../../lib/format";
import { bearingOn } from "./bearing";
import { compact, type Fold } from "./compact";
import { visible, type Drawing } from "./layout";
import { periodsOf, type Period } from "./periods";
import type { Scene } from "./scene.svelte";

/** More interests than this would hide the rest of the game, so they start hidden. */
const MANY = 12;
/** Stands for nodes that nobody decides, among the players. */
export const NOBODY = "";

export class Lens {
  query = $state("");
  /** Players whose nodes and interests are hidden. */
  hiddenPlayers: ReadonlySet<string> = $state.raw(new Set());
  /** First and last day; empty for no limit. */
  from = $state("");
  to = $state("");
  /** Only what bears on this node or interest. */
  target: string | null = $state(null);
  /** Keys of periods, and players whose interests are one box. */
  foldedPeriods: ReadonlySet<string> = $state.raw(new Set());
  foldedInterests: ReadonlySet<string> = $state.raw(new Set());
  #interestsAsked: boolean | null = $state(null);

  constructor(readonly scene: Scene) {}

  readonly interestCount: number = $derived.by(() => this.scene.layout.nodes.filter(({ shape }) => shape === "interest").length);
  readonly showsInterests: boolean = $derived.by(() => (this.#interestsAsked ?? this.interestCount <= MANY) || this.scene.isInterest(this.scene.selected));
  readonly periods: Period[] = $derived.by(() => periodsOf(this.scene.layout.columns));
  readonly #bearing = $derived.by(() => {
    const { document, recorded, nodes, interests } = this.scene;
    if (this.target === null || !(nodes.has(this.target) || interests.has(this.target))) return null;
    return bearingOn(this.target, document.nodes, document.interests, recorded);
  });
  readonly #passing: Set<string> = $derived.by(() => this.#pass());
  /** Whether nodes are hidden by a filter; interests alone do not count. */
  readonly isFiltered: boolean = $derived.by(() => this.scene.layout.nodes.some(({ name, shape }) => shape !== "interest" && !this.#passing.has(name)));
  readonly isFolded: boolean = $derived.by(() => this.foldedPeriods.size > 0 || this.foldedInterests.size > 0);
  readonly drawing: Drawing = $derived.by(() => this.#draw());
  /** Names that the search finds, in the order in which they are read; null without a search. */
  readonly matches: string[] | null = $derived.by(() => this.#search());
  readonly counts = $derived.by(() => {
    const nodes = this.scene.layout.nodes.filter(({ shape }) => shape !== "interest");
    return { shown: nodes.filter(({ name }) => this.#passing.has(name)).length, all: nodes.length };
  });
  /** What the filters leave, in words. */
  readonly inWords: string[] = $derived.by(() => [
    ...(this.#bearing ? [`only what bears on ${this.scene.title(this.target!)}`] : []),
    ...(this.hiddenPlayers.size ? [`without ${[...this.hiddenPlayers].map((name) => (name === NOBODY ? "chance and derived nodes" : this.scene.playerTitle(name))).join(", ")}`] : []),
    ...(this.from ? [`from ${day(this.from)}`] : []),
    ...(this.to ? [`until ${day(this.to)}`] : []),
  ]);

  /** Whether a node is drawn, alone or in a box. */
  draws = (name: string): boolean => this.drawing.nodes.some((box) => box.name === name || box.members?.includes(name)) || this.scene.isInterest(name);

  toggleInterests(): void {
    this.#interestsAsked = !this.showsInterests;
    if (!this.#interestsAsked && this.scene.isInterest(this.scene.selected)) this.scene.space.selected = null;
  }

  togglePlayer(player: string): void {
    this.hiddenPlayers = toggled(this.hiddenPlayers, player);
  }

  togglePeriod(key: string): void {
    this.foldedPeriods = toggled(this.foldedPeriods, key);
  }

  toggleInterestsOf(player: string): void {
    this.foldedInterests = toggled(this.foldedInterests, player);
  }

  /** Fold all periods that ended before the case's day, or unfold them all. */
  foldPast(): void {
    const asOf = this.scene.document.case.as_of;
    const past = this.periods.filter(({ columns }) => columns.every((column) => (this.scene.layout.columns[column]?.last ?? "") <= asOf));
    this.foldedPeriods = new Set(past.map(({ key }) => key));
  }

  /** Open what is folded in a box. */
  unfold(id: string): void {
    const [kind, key] = split(id);
    if (kind === "period") this.foldedPeriods = new Set([...this.foldedPeriods].filter((other) => other !== key));
    else this.foldedInterests = new Set([...this.foldedInterests].filter((other) => other !== key));
  }

  /** Fold the period of a node, or the interests of its player. */
  foldAround(name: string): void {
    if (this.scene.isInterest(name)) {
      this.toggleInterestsOf(this.scene.interests.get(name)!.player);
      return;
    }
    const column = this.scene.layout.nodes.find((node) => node.name === name)?.column;
    const period = this.periods.find(({ columns }) => column !== undefined && columns.includes(column));
    if (period) this.togglePeriod(period.key);
  }

  showAll(): void {
    [this.from, this.to, this.target, this.hiddenPlayers] = ["", "", null, new Set()];
    [this.foldedPeriods, this.foldedInterests] = [new Set(), new Set()];
  }

  #pass(): Set<string> {
    const { layout, nodes, interests } = this.scene;
    const bearing = this.#bearing;
    const passes = new Set<string>();
    for (const { name, shape, player } of layout.nodes) {
      if (shape === "interest") continue;
      if (bearing && !bearing.nodes.has(name)) continue;
      if (this.hiddenPlayers.has(player ?? NOBODY)) continue;
      const date = nodes.get(name)?.date;
      if (date && ((this.from && date < this.from) || (this.to && date > this.to))) continue;
      passes.add(name);
    }
    // A node without a date goes with those that depend on it.
    if (this.from || this.to) {
      for (const name of [...passes].reverse()) {
        const isDated = Boolean(nodes.get(name)?.date);
        if (!isDated && !layout.edges.some(({ source, target }) => source === name && passes.has(target))) passes.delete(name);
      }
    }
    const isNarrowed = layout.nodes.some(({ name, shape }) => shape !== "interest" && !passes.has(name));
    for (const { name, shape, player } of layout.nodes) {
      if (shape !== "interest" || this.hiddenPlayers.has(player ?? NOBODY)) continue;
      if (bearing ? !bearing.interests.has(name) : isNarrowed && !interests.get(name)?.parents.some((parent) => passes.has(parent))) continue;
      passes.add(name);
    }
    return passes;
  }

  #draw(): Drawing {
    const { layout, players } = this.scene;
    const passes = this.#passing;
    if (!this.isFiltered && !this.isFolded && layout.nodes.every(({ name, shape }) => shape !== "interest" || passes.has(name))) return visible(layout, this.showsInterests);
    const isShown = (name: string) => passes.has(name) && (this.showsInterests || !this.scene.isInterest(name));
    const folds: Fold[] = [];
    for (const { key, label, columns } of this.periods) {
      if (!this.foldedPeriods.has(key)) continue;
      const members = layout.nodes.filter(({ name, column, shape }) => shape !== "interest" && columns.includes(column) && isShown(name)).map(({ name }) => name);
      if (members.length) folds.push({ id: `period ${key}`, shape: "period", player: null, lines: [label, count(members.length, "node")], members });
    }
    for (const player of players.keys()) {
      if (!this.foldedInterests.has(player)) continue;
      const members = layout.nodes.filter((node) => node.shape === "interest" && node.player === player && isShown(node.name)).map(({ name }) => name);
      if (members.length) folds.push({ id: `interests ${player}`, shape: "interests", player, lines: [count(members.length, "interest")], members });
    }
    return compact(layout, isShown, folds);
  }

  #search(): string[] | null {
    const words = this.query.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return null;
    const { layout } = this.scene;
    const text = (name: string, player: string | null) => `${name} ${this.scene.title(name)} ${this.scene.playerTitle(player) ?? ""}`.toLowerCase();
    const hits = layout.nodes.filter(({ name, player }) => words.every((word) => text(name, player).includes(word)));
    return hits.sort((a, b) => a.column - b.column || a.y - b.y).map(({ name }) => name);
  }
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;

function split(id: string): [string, string] {
  const at = id.indexOf(" ");
  return [id.slice(0, at), id.slice(at + 1)];
}

function toggled(set: ReadonlySet<string>, key: string): Set<string> {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}
