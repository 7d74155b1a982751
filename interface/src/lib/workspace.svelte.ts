// What every view looks at: the answers, and what the reader has chosen.
import { getContext, setContext } from "svelte";
import type { Answers, DiagramNode, NodeForecast, PlayerView, SourceView, WhatIf } from "./answers";
import type { Ground } from "./grounds";
import { Shifting } from "./shifting.svelte";
import type { Workbench } from "./workbench.svelte";

const KEY = Symbol("workspace");

export class Workspace {
  /** The document that is shown; replaced as a whole when the workbench has a newer one. */
  answers: Answers = $state.raw() as Answers;
  /** The view that is open, by its id in views/registry.ts. */
  view = $state("answers");
  /** The node that is selected, in every view alike. */
  selected: string | null = $state(null);
  /** The assumption that is selected, by its parameter. */
  assumption: string | null = $state(null);
  /** The number whose grounds are open. */
  ground: Ground | null = $state.raw(null);
  /** The paragraph that is selected in the view Source. */
  paragraph: { source: string; number: number; sentence: string } | null = $state.raw(null);

  /** The sliders, and the answers with them. */
  readonly shifting: Shifting;

  /** `bench`: the workbench that solves; the report and the notebook have none. */
  constructor(answers: Answers, readonly bench?: Workbench) {
    this.answers = answers;
    this.shifting = new Shifting(() => bench?.answers?.answers ?? this.answers, bench);
  }

  /** Forecasts and what-ifs with the current sliders. */
  readonly forecasts: NodeForecast[] = $derived.by(() => this.shifting.forecasts);
  readonly whatIfs: WhatIf[] = $derived.by(() => this.shifting.whatIfs);
  /** The nodes of the shown diagram, and those that only the solved answers still name. */
  readonly nodes: Map<string, DiagramNode> = $derived.by(() => new Map([...(this.bench?.answers?.answers.nodes ?? []), ...this.answers.nodes].map((node) => [node.name, node])));
  /** Whether anything is solved; until then, numbers are only those that the case gives. */
  readonly isSolved: boolean = $derived.by(() => (this.answers.run?.solved ?? "all") !== "nothing");
  readonly players: Map<string, PlayerView> = $derived.by(() => new Map(this.answers.players.map((one) => [one.name, one])));
  readonly sources: Map<string, SourceView> = $derived.by(() => new Map(this.answers.sources.map((one) => [one.name, one])));

  forecast(node: string): NodeForecast | undefined {
    return this.forecasts.find((one) => one.node === node);
  }

  /** A player's colour, the same everywhere. */
  colour(player: string | null | undefined): string {
    const index = this.answers.players.findIndex((one) => one.name === player);
    return index < 0 ? "var(--line-strong)" : `var(--player-${index % 8})`;
  }

  /** Open a paragraph of a source; with a sentence, in order to put that to use. */
  openParagraph(source: string, number: number, sentence = ""): void {
    this.paragraph = { source, number, sentence };
    this.view = "source";
  }

  /** Open a view, and optionally a node in it. */
  open(view: string, node?: string): void {
    this.view = view;
    if (node !== undefined) this.selected = node;
  }
}

export const share = (workspace: Workspace): Workspace => setContext(KEY, workspace);
export const workspace = (): Workspace => getContext<Workspace>(KEY);
