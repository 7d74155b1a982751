import { expect, test } from "vitest";
import type { DiagramInterest, DiagramNode } from "../../lib/answers";
import { bearingOn } from "./bearing";

const node = (name: string, kind: DiagramNode["kind"], parents: string[], player: string | null = null) => ({ name, kind, parents, player }) as unknown as DiagramNode;
const interest = (name: string, player: string, parents: string[]) => ({ name, player, parents }) as unknown as DiagramInterest;
const names = (set: Set<string>) => [...set].sort().join(" ");

// A principal and an agent: weather → report (seen by the agent) → act (by the agent, wants `pay`) → pay; music matters to nobody.
const NODES = [
  node("weather", "chance", []), node("report", "chance", ["weather"]), node("music", "chance", []),
  node("act", "decision", ["report", "music"], "agent"), node("pay", "decision", ["act"], "boss"), node("end", "derived", ["act", "weather"]),
];
const INTERESTS = [interest("wage", "agent", ["pay", "act"]), interest("profit", "boss", ["end", "pay"]), interest("quiet", "boss", ["music"])];

test("ancestors bear on a chance node, and nothing below it", () => {
  expect(names(bearingOn("report", NODES, INTERESTS).nodes)).toBe("report weather");
});

test("what a player wants bears on its decision, and so does the rule of whoever answers it", () => {
  const bears = bearingOn("act", NODES, INTERESTS);
  // The boss's payment depends on what the boss wants, which hangs on the weather; music changes no interest that the agent can change.
  expect(names(bears.nodes)).toContain("pay");
  expect(names(bears.nodes)).not.toContain("music");
  expect(names(bears.interests)).toBe("profit wage");
});

test("what nobody can use has no bearing, though it is seen", () => {
  expect(names(bearingOn("pay", NODES, INTERESTS).nodes)).not.toContain("music");
  expect(names(bearingOn("music", NODES, INTERESTS).nodes)).toBe("music");
});

test("what is recorded of the consequences of a hidden cause bears on it", () => {
  expect(names(bearingOn("weather", NODES, INTERESTS).nodes)).toBe("weather");
  expect(names(bearingOn("weather", NODES, INTERESTS, ["report"]).nodes)).toBe("report weather");
});

test("an interest rests on what it is made of", () => {
  expect(names(bearingOn("quiet", NODES, INTERESTS).nodes)).toBe("music");
  expect(names(bearingOn("quiet", NODES, INTERESTS).interests)).toBe("quiet");
});
