import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import "../testing/browser";
import type { SolvingStatus } from "../lib/messages";
import { Workbench } from "../lib/workbench.svelte";
import { Workspace } from "../lib/workspace.svelte";
import { FakeServer, hello } from "../testing/fake_server";
import { sample } from "../testing/sample";
import Within from "../testing/Within.svelte";
import LiveBar from "./LiveBar.svelte";

afterEach(cleanup);
const LOST = "The connection to the scheduler was lost. This computer solves these answers alone.";
const nothing = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };

function shown(status: Partial<SolvingStatus>) {
  const server = new FakeServer();
  const bench = new Workbench(server.connect, nothing);
  const greeting = hello();
  server.say({ ...greeting, status: { ...greeting.status, ...status } });
  render(Within, { props: { workspace: new Workspace(sample()), bench, part: LiveBar } });
}

test("the bar says how far solving is, and on which cluster", () => {
  shown({ state: "solving", stage: "equilibria", done: 1, total: 4, place: "2 workers of tcp://10.0.0.5:8786" });
  expect(screen.getByRole("status").textContent?.trim()).toMatch(/Solving: equilibria 25% on 2 workers of tcp:\/\/10\.0\.0\.5:8786$/);
});

test("where there is no cluster, none is named", () => {
  shown({ state: "solving", stage: "equilibria", done: 1, total: 4 });
  expect(screen.getByRole("status").textContent?.trim()).toMatch(/25%$/);
  expect(screen.queryByRole("alert")).toBeNull();
});

test.each(["idle", "solving"] as const)("a cluster that was lost is told in a line of its own while the state is %s", (state) => {
  shown({ state, note: LOST });
  expect(screen.getByRole("alert").textContent).toBe(LOST);
});

test("why there are no newer answers is told once", () => {
  shown({ state: "failed", note: "Only 2% of the draws converged." });
  expect(screen.queryByRole("alert")).toBeNull();
  expect(screen.getByRole("status").textContent).toContain("Only 2% of the draws converged.");
});
