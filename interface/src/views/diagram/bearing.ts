// What bears on a node: the nodes whose mechanisms or rules can change its chances, and the interests through which they do.
import type { DiagramInterest, DiagramNode } from "../../lib/answers";

interface Vertex {
  parents: string[];
  children: string[];
}

/** A graph of nodes and interests. A node and an interest may have the same name, so interests have a prefix. */
class Graph {
  readonly #vertices = new Map<string, Vertex>();

  constructor(nodes: DiagramNode[], interests: DiagramInterest[]) {
    for (const { name } of nodes) this.#vertices.set(name, { parents: [], children: [] });
    for (const { name } of interests) this.#vertices.set(interestVertex(name), { parents: [], children: [] });
    for (const { name, parents } of nodes) this.#join(name, parents);
    for (const { name, parents } of interests) this.#join(interestVertex(name), parents);
  }

  parents = (name: string): string[] => this.#vertices.get(name)?.parents ?? [];
  children = (name: string): string[] => this.#vertices.get(name)?.children ?? [];

  descendants(name: string): Set<string> {
    const below = new Set<string>();
    const waiting = [...this.children(name)];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (below.has(next)) continue;
      below.add(next);
      waiting.push(...this.children(next));
    }
    return below;
  }

  #join(child: string, parents: string[]): void {
    for (const parent of parents) {
      if (!this.#vertices.has(parent)) continue;
      this.#vertices.get(child)!.parents.push(parent);
      this.#vertices.get(parent)!.children.push(child);
    }
  }
}

const interestVertex = (name: string): string => `interest ${name}`;

/**
 * Walk as a Bayes-ball from some vertices, with others known. `upward`: vertices whose mechanisms can matter;
 * `reached`: all that the ball comes to, also what is known and matters.
 *
 * Source: Shachter (1998).
 */
function bayesBall(graph: Graph, from: string[], known: ReadonlySet<string>): { upward: Set<string>; reached: Set<string> } {
  const [upward, downward, reached] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const waiting: [string, boolean][] = from.map((vertex) => [vertex, true]);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [vertex, fromChild] = next;
    reached.add(vertex);
    if (fromChild && known.has(vertex)) continue;
    if ((fromChild || known.has(vertex)) && !upward.has(vertex)) {
      upward.add(vertex);
      for (const parent of graph.parents(vertex)) waiting.push([parent, true]);
    }
    if (!known.has(vertex) && !downward.has(vertex)) {
      downward.add(vertex);
      for (const child of graph.children(vertex)) waiting.push([child, false]);
    }
  }
  return { upward, reached };
}

/** Vertices of the player's interests that a decision can still change. */
function atStake(graph: Graph, decision: DiagramNode, interests: DiagramInterest[]): string[] {
  const below = graph.descendants(decision.name);
  return interests.filter(({ player }) => player === decision.player).map(({ name }) => interestVertex(name)).filter((vertex) => below.has(vertex));
}

/**
 * The nodes, where decisions see only what can matter to them.
 *
 * Source: Lauritzen & Nilsson (2001), the minimal reduction of a diagram.
 */
function reduced(nodes: DiagramNode[], interests: DiagramInterest[]): DiagramNode[] {
  let less = nodes;
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const node of nodes) {
      if (node.kind !== "decision") continue;
      const graph = new Graph(less, interests);
      const seen = graph.parents(node.name);
      const { reached } = bayesBall(graph, atStake(graph, node, interests), new Set([node.name, ...seen]));
      const needed = seen.filter((name) => reached.has(name));
      if (needed.length === seen.length) continue;
      isChanged = true;
      less = less.map((other) => (other.name === node.name ? { ...other, parents: needed } : other));
    }
  }
  return less;
}

/**
 * The nodes and interests that bear on a node's chances, itself among them, given the nodes in the record. A decision's rule
 * depends on what its player wants, on what it sees, and on the mechanisms and rules that can matter to both (Koller & Milch 2003).
 */
export function bearingOn(target: string, nodes: DiagramNode[], interests: DiagramInterest[], recorded: Iterable<string> = []): { nodes: Set<string>; interests: Set<string> } {
  const graph = new Graph(reduced(nodes, interests), interests);
  const decisions = new Map(nodes.filter(({ kind }) => kind === "decision").map((node) => [node.name, node]));
  const isInterest = !nodes.some(({ name }) => name === target) && interests.some(({ name }) => name === target);
  const evidence = new Set(recorded);
  evidence.delete(target);
  const start = bayesBall(graph, [isInterest ? interestVertex(target) : target], evidence);
  const bears = new Set([...start.upward, ...[...start.reached].filter((name) => evidence.has(name))]);
  const waiting = [...start.upward];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const decision = decisions.get(next);
    if (!decision) continue;
    const stakes = atStake(graph, decision, interests);
    const seen = graph.parents(next);
    const { upward } = bayesBall(graph, stakes, new Set([next, ...seen]));
    for (const vertex of [...upward, ...seen]) {
      if (bears.has(vertex)) continue;
      bears.add(vertex);
      waiting.push(vertex);
    }
  }
  return {
    nodes: new Set(nodes.map(({ name }) => name).filter((name) => bears.has(name))),
    interests: new Set(interests.map(({ name }) => name).filter((name) => bears.has(interestVertex(name)))),
  };
}
