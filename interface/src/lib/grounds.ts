// What a number is made of: a forecast of a rule or a mechanism, these of worths and uncertain numbers, and those of reasons.
import type { Answers, Assumption, ClaimFinding, DiagramInterest, DiagramNode, Rule } from "./answers";

/** What a number on a page belongs to. */
export interface Ground {
  kind: "node" | "number" | "claim";
  /** The node, the parameter or the claim's id. */
  name: string;
}

export interface NodeGround {
  node: DiagramNode;
  rule: Rule | undefined;
  /** What its player weighs, for a decision: interests that the decision can reach. */
  worths: DiagramInterest[];
  /** Uncertain numbers of the node itself and of those interests, its player's precision first. */
  numbers: Assumption[];
  parents: string[];
}

/** What a forecast of a node is made of. */
export function groundOfNode(answers: Answers, name: string): NodeGround | undefined {
  const node = answers.nodes.find((one) => one.name === name);
  if (!node) return undefined;
  const reached = descendants(answers, name);
  const worths = node.kind === "decision" ? answers.interests.filter((one) => one.player === node.player && one.parents.some((parent) => reached.has(parent))) : [];
  const own = node.kind === "decision" ? [`${node.player}.precision`] : [];
  const names = new Set([...own, ...(node.numbers ?? []), ...worths.flatMap((one) => one.numbers ?? [])]);
  const known = new Map(answers.assumptions.map((one) => [one.parameter, one]));
  return {
    node,
    rule: answers.rules.find((one) => one.decision === name),
    worths,
    numbers: [...names].flatMap((parameter) => known.get(parameter) ?? []),
    parents: node.parents,
  };
}

/** The nodes and interests that depend on an uncertain number directly. */
export function usersOfNumber(answers: Answers, parameter: string): { name: string; title: string }[] {
  const owner = parameter.endsWith(".precision") ? parameter.slice(0, -".precision".length) : "";
  return [
    ...answers.nodes.filter((one) => (one.numbers ?? []).includes(parameter) || (one.kind === "decision" && one.player === owner)),
    ...answers.interests.filter((one) => (one.numbers ?? []).includes(parameter)).map((one) => ({ name: one.name, title: one.about || one.name })),
  ].map(({ name, title }) => ({ name, title }));
}

/** The nodes that the test of a claim names, in the order of the diagram. */
export function nodesOfClaim(answers: Answers, claim: ClaimFinding): DiagramNode[] {
  return answers.nodes.filter((one) => new RegExp(`(?<![\\w@])${one.name}(?![\\w@])`).test(claim.test));
}

/** A node and everything that depends on it. */
function descendants(answers: Answers, name: string): Set<string> {
  const reached = new Set([name]);
  // Parents come before their children in the document.
  for (const node of answers.nodes) if (node.parents.some((parent) => reached.has(parent))) reached.add(node.name);
  return reached;
}
