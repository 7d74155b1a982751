// What a marked sentence becomes in the case: a claim, an entry of the record, a reason, a player or a decision.
import type { Operation } from "./messages";

/** A place in a source, and the words that are to be quoted from it; empty for none. */
export interface Cited {
  source: string;
  number: number;
  quote: string;
}

export type SentenceUse =
  | { kind: "claim"; says: string; node: string; value: string | number; isLikely: boolean }
  | { kind: "record"; node: string; value: string | number; day: string }
  | { kind: "reason"; parameter: string; says: string }
  | { kind: "player"; name: string }
  | { kind: "decision"; player: string; title: string; values: string[]; day: string };

type Content = Record<string, unknown>;
type Entry = Record<string, unknown>;

const mapping = (value: unknown): Entry => (value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Entry) : {});

/** The nodes of the case, those of rounds in their first round, each with its values. */
export function nodesOf(content: Content): { name: string; title: string; values: (string | number)[]; day: string }[] {
  const plain = Object.entries(mapping(content["nodes"]));
  const rounds = Object.entries(mapping(mapping(content["rounds"])["nodes"])).map(([name, entry]) => [`${name}@1`, entry] as const);
  return [...plain, ...rounds].map(([name, raw]) => {
    const entry = mapping(raw);
    const domain = Array.isArray(entry["domain"]) ? (entry["domain"] as (string | number)[]) : [];
    return { name, title: String(entry["title"] ?? name.replaceAll("_", " ")), values: domain, day: String(entry["at"] ?? "") };
  });
}

/** The players and the uncertain numbers of the case, by their names, each with what a reader calls it. */
export const playersOf = (content: Content) => Object.entries(mapping(content["players"])).map(([name, entry]) => ({ name, title: String(mapping(entry)["name"] ?? name) }));
export const numbersOf = (content: Content) => Object.entries(mapping(content["parameters"])).map(([name, entry]) => ({ name, title: String(mapping(entry)["about"] ?? name.replaceAll("_", " ")) }));

/** A name that expressions can hold, made of words; numbered where it is taken. */
export function identifierOf(words: string, taken: Iterable<string>, otherwise: string): string {
  const known = new Set(taken);
  const letters = words.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  let plain = letters.replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").replace(/^the_/, "").slice(0, 40).replace(/_+$/, "");
  if (!/^[a-z]/.test(plain)) plain = `${otherwise}${plain ? `_${plain}` : ""}`;
  let name = plain;
  for (let i = 2; known.has(name); i++) name = `${plain}_${i}`;
  return name;
}

const literal = (value: string | number) => (typeof value === "number" ? String(value) : `'${value}'`);

/** The changes that put a sentence to use, and what they do, as an order for the history. */
export function operationsFor(use: SentenceUse, cited: Cited, content: Content): { operations: Operation[]; what: string } {
  const place = { source: cited.source, at: `¶ ${cited.number}` };
  const quoted = cited.quote ? { quotes: cited.quote } : {};
  switch (use.kind) {
    case "claim":
      return {
        what: "Add a claim",
        operations: [{ kind: "insert", path: ["claims"], index: null, value: { says: use.says, ...place, ...quoted, test: `P(${use.node} == ${literal(use.value)}) ${use.isLikely ? ">" : "<"} 0.5` } }],
      };
    case "record":
      return {
        what: `Add ${use.node} to the record`,
        operations: [{ kind: "insert", path: ["record"], index: null, value: { node: use.node, value: use.value, date: use.day, ...place, ...quoted } }],
      };
    case "reason": {
      const path = ["parameters", use.parameter, "why"];
      const before = mapping(mapping(content["parameters"])[use.parameter])["why"];
      const reason = { ...place, ...(use.says ? { says: use.says } : {}), ...quoted };
      const what = `Add a reason for ${use.parameter}`;
      if (Array.isArray(before)) return { what, operations: [{ kind: "insert", path, index: null, value: reason }] };
      return { what, operations: [{ kind: "set", path, value: before === undefined || before === null ? reason : [before, reason] }] };
    }
    case "player": {
      const name = identifierOf(use.name, Object.keys(mapping(content["players"])), "player");
      return { what: `Add the player ${use.name}`, operations: [{ kind: "set", path: ["players", name], value: { name: use.name, why: { ...place, ...quoted } } }] };
    }
    case "decision": {
      const taken = [...Object.keys(mapping(content["nodes"])), ...Object.keys(mapping(content["parameters"])), ...Object.keys(mapping(content["players"]))];
      const name = identifierOf(use.title, taken, "decision");
      return {
        what: `Add the decision ${use.title}`,
        operations: [{ kind: "set", path: ["nodes", name], value: { title: use.title, player: use.player, domain: use.values, at: use.day, why: { ...place, ...quoted } } }],
      };
    }
  }
}
