// What the diagram draws: the structure of the case as it is written, with the chances of the last answers.
import { getContext, setContext } from "svelte";
import type { Answers, DiagramGood, DiagramInterest, DiagramNode, Layout, NodeForecast, PlayerView } from "../../lib/answers";
import type { Workspace } from "../../lib/workspace.svelte";
import type { Box } from "./layout";

const KEY = Symbol("scene of the diagram");
const NOTHING: Layout = { width: 0, height: 0, interests_from: 0, columns: [], nodes: [], edges: [], caption: "" };

export class Scene {
  constructor(readonly space: Workspace) {}

  /** The document that holds the structure: in the workbench that of the text, as soon as it can be drawn. */
  readonly document: Answers = $derived.by(() => {
    const { bench, answers } = this.space;
    const written = bench?.content["players"];
    if (typeof written !== "object" || written === null) return answers;
    // Players that were just added or renamed are not in any answers yet.
    return { ...answers, players: Object.entries(written).map(([name, entry]) => asWritten(name, entry, answers.players)) };
  });
  readonly layout: Layout = $derived.by(() => this.document.layout ?? NOTHING);
  readonly nodes: Map<string, DiagramNode> = $derived.by(() => new Map(this.document.nodes.map((node) => [node.name, node])));
  readonly interests: Map<string, DiagramInterest> = $derived.by(() => new Map(this.document.interests.map((interest) => [interest.name, interest])));
  readonly goods: Map<string, DiagramGood> = $derived.by(() => new Map((this.document.diagram_goods ?? []).map((good) => [good.name, good])));
  readonly players: Map<string, PlayerView> = $derived.by(() => new Map(this.document.players.map((player) => [player.name, player])));
  readonly recorded: Set<string> = $derived.by(() => new Set(this.document.timeline.filter(({ kind }) => kind === "recorded").map(({ node }) => node)));
  /** The node, interest or good that is selected, if the case has it. */
  readonly selected: string | null = $derived.by(() => {
    const name = this.space.selected;
    return name !== null && (this.nodes.has(name) || this.interests.has(name) || this.goods.has(name)) ? name : null;
  });

  isInterest = (name: string | null): boolean => name !== null && !this.nodes.has(name) && this.interests.has(name);
  readonly #forecasts: Map<string, NodeForecast> = $derived.by(() => new Map(this.space.forecasts.map((forecast) => [forecast.node, forecast])));
  /** The chances of a node in the last answers, if it had the same values then. */
  forecast(name: string): NodeForecast | undefined {
    const forecast = this.#forecasts.get(name);
    const domain = this.nodes.get(name)?.domain;
    return forecast && domain && this.space.bench && domain.some((value, i) => String(value) !== String(forecast.values[i]?.value)) ? undefined : forecast;
  }

  /** A player's colour, the same in every view. */
  colour(player: string | null | undefined): string {
    const index = this.document.players.findIndex(({ name }) => name === player);
    return index < 0 ? "var(--line-strong)" : `var(--player-${index % 8})`;
  }

  playerTitle = (player: string | null | undefined): string | undefined => (player ? (this.players.get(player)?.title ?? player) : undefined);

  title(name: string): string {
    return this.nodes.get(name)?.title ?? this.goods.get(name)?.title ?? (this.interests.get(name)?.about || name);
  }

  /** The title of what is drawn. */
  titleOf(box: Box): string {
    return box.members ? box.lines.join(" ") : (this.nodes.get(box.name)?.title ?? this.goods.get(box.name)?.title ?? this.interests.get(box.name)?.about ?? box.lines.join(" "));
  }
}

function asWritten(name: string, entry: unknown, answered: PlayerView[]): PlayerView {
  const written = typeof entry === "object" && entry !== null && "name" in entry ? entry.name : undefined;
  const title = typeof written === "string" ? written : name.replaceAll("_", " ");
  const known = answered.find((player) => player.name === name) ?? ({ name, about: "", misbelieves: "", believes: {} } as unknown as PlayerView);
  return { ...known, title };
}

export const shareScene = (scene: Scene): Scene => setContext(KEY, scene);
export const theScene = (): Scene => getContext<Scene>(KEY);
