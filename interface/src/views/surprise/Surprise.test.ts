import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import "../../testing/browser";
import type { SurpriseView } from "../../lib/answers";
import { Workspace } from "../../lib/workspace.svelte";
import { surprise } from "../../testing/findings";
import { sample } from "../../testing/sample";
import Within from "../../testing/Within.svelte";
import Surprise from "./Surprise.svelte";

afterEach(cleanup);

function shown(found: SurpriseView | null = surprise(), selected: string | null = null): Workspace {
  const workspace = new Workspace(sample({ surprise: found }));
  workspace.selected = selected;
  render(Within, { props: { workspace, part: Surprise } });
  return workspace;
}

test("the widest gap is open first; a cell opens its details and selects its node", async () => {
  const workspace = shown();
  expect(screen.getByRole("img", { name: /^Aria on resolve\. high: Aria expects 14%, what the forecast says: 50%/ })).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Aria thinks Borland of demand: 8 points" }));
  expect(screen.getByRole("img", { name: /^Aria thinks Borland on demand\..*what Borland really expects: 50%/ })).toBeTruthy();
  expect(workspace.selected).toBe("demand");
});

test("if a node is selected, what is expected of it is open first", () => {
  shown(surprise(), "demand");
  expect(screen.getByRole("img", { name: /^Aria thinks Borland on demand/ })).toBeTruthy();
});

test("own moves have no number, and small gaps can be hidden", async () => {
  shown();
  expect(screen.getAllByText("own move")).toHaveLength(1);
  const slight = surprise({ heat: [{ node: "resolve", title: "resolve", gaps: [0.001, 0.004] }] });
  cleanup();
  shown(slight);
  await fireEvent.click(screen.getByRole("button", { name: /Only gaps of half a point/ }));
  expect(screen.getByText("No gap is that wide.")).toBeTruthy();
});

test("an entry that was impossible in a player's model is called impossible, not unsurprising", () => {
  const one = { view: ["aria"], node: "reply", title: "Reply", value: "fight", label: "fight", date: "2031-04-01" };
  shown(surprise({ receptions: [{ ...one, bits: null, due: 0.8, impossible: 1 }, { ...one, date: "2031-04-02", bits: 2.5, due: 1, impossible: 0 }] }));
  expect(screen.getByText("Aria impossible ▲")).toBeTruthy();
  expect(screen.getByText("Aria 2.5 ▲")).toBeTruthy();
  expect(screen.getByRole("img", { name: /impossible in its model, due 0\.8; ruled out in 100% of the draws/ })).toBeTruthy();
});

test("a wrong belief is shown beside the actual number, and players without one are named", () => {
  shown();
  expect(screen.getByText("takes Aria for weak")).toBeTruthy();
  expect(screen.getByRole("row", { name: /p_high 0\.2 0\.6/ })).toBeTruthy();
  expect(screen.getByText(/Borland has no wrong belief/)).toBeTruthy();
});

test("hostile titles are text", () => {
  const hostile = `<svg onload="alert(1)">`;
  shown(surprise({ heat: [{ node: "resolve", title: hostile, gaps: [0.36, null] }], unerring: [hostile] }));
  expect(document.querySelector("svg[onload]")).toBeNull();
  expect(screen.getByRole("rowheader", { name: hostile })).toBeTruthy();
});

test("a long table first shows the gaps that matter, and all on demand", async () => {
  const heat = Array.from({ length: 40 }, (_, i) => ({ node: `n${i}`, title: `n${i}`, gaps: [i === 3 ? 0.2 : 0.001, null] }));
  shown(surprise({ heat }));
  expect(screen.getAllByRole("rowheader", { name: /^n\d/ })).toHaveLength(1);
  await fireEvent.click(screen.getByRole("button", { name: /Only gaps/, pressed: true }));
  expect(screen.getAllByRole("rowheader", { name: /^n\d/ })).toHaveLength(40);
});
