import { cleanup, fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import "../../testing/browser";
import type { Answers, Layout } from "../../lib/answers";
import { Workspace } from "../../lib/workspace.svelte";
import Within from "../../testing/Within.svelte";
import { forecast, sample, value } from "../../testing/sample";
import Diagram from "./Diagram.svelte";

afterEach(cleanup);

const place = (name: string, shape: string, player: string | null, column: number, y: number) => ({ name, shape, player, lines: [name], x: 12 + column * 160, y, width: 118, height: 44, column });
const arrow = (source: string, target: string, kind: string) => ({ source, target, kind, points: [[0, 0], [10, 10]] });
const LAYOUT = {
  width: 640, height: 320, interests_from: 200, caption: "Left to right in time.",
  columns: [0, 1, 2].map((i) => ({ x: 12 + i * 160, width: 118, label: `day ${i}`, first: null, last: null })),
  nodes: [place("resolve", "chance", null, 0, 40), place("demand", "decision", "aria", 0, 120), place("reply", "decision", "borland", 1, 60), place("parley", "decision", "aria", 2, 60), { ...place("income", "interest", "aria", 2, 230), lines: ["tolls"] }],
  edges: [arrow("resolve", "reply", "information"), arrow("demand", "reply", "information"), arrow("reply", "parley", "information"), arrow("reply", "income", "interest")],
} as unknown as Layout;

function shown(more: Partial<Answers> = {}): Workspace {
  const workspace = new Workspace(sample({ layout: LAYOUT, ...more }));
  render(Within, { props: { workspace, part: Diagram } });
  return workspace;
}
const picture = () => within(screen.getByRole("group", { name: "Diagram of Canal" }));
const panel = (title: string) => within(screen.getByRole("region", { name: title }));

test("every node is a button with its kind, its player and its most likely value in words", () => {
  shown();
  expect(picture().getAllByRole("button").map((one) => one.getAttribute("aria-label"))).toEqual([
    "resolve, chance, most likely low 60%",
    "demand, Aria's decision, recorded, most likely 30 100%",
    "reply, Borland's decision, most likely fight 80%",
    "parley, Aria's decision, most likely talk 70%",
    "tolls, Aria's interest",
  ]);
});

test("a title that is cut short in its shape is in full in the accessible name", () => {
  const title = "Whether Borland pays the toll or fights";
  const nodes = LAYOUT.nodes.map((one) => (one.name === "reply" ? { ...one, lines: ["Whether Borland", "pays the…"] } : one));
  shown({ layout: { ...LAYOUT, nodes }, nodes: sample().nodes.map((one) => (one.name === "reply" ? { ...one, title } : one)) });
  expect(picture().getByRole("button", { name: `Whether Borland pays the…, Borland's decision, most likely fight 80%, in full: ${title}` })).toBeTruthy();
});

test("a decision shows its rule, what it sees, its player's error and its sources", async () => {
  const workspace = shown();
  await fireEvent.click(picture().getByRole("button", { name: /^reply/ }));
  expect(workspace.selected).toBe("reply");
  const reply = panel("reply");
  expect(reply.getByText("Settled in the record: demand: 30.")).toBeTruthy();
  // The most likely context comes first; contexts that the record rules out are only in the table.
  expect(reply.getAllByText(/^If resolve/).map((one) => one.textContent)).toEqual(["If resolve: low", "If resolve: high"]);
  expect(reply.getByText("pay 25%, fight 75%")).toBeTruthy();
  expect(reply.getByText("It is wrong: it takes Aria for weak.")).toBeTruthy();
  expect(reply.getByText("Blockade inquiry").closest("li")!.textContent).toContain("Canal Office; 2 November 2029; usually reliable, probably true (B2)");
});

test("the keyboard moves along arrows, selects and deselects", async () => {
  const workspace = shown();
  const resolve = picture().getByRole("button", { name: /^resolve/ });
  resolve.focus();
  await fireEvent.keyDown(resolve, { key: "ArrowRight" });
  const reply = picture().getByRole("button", { name: /^reply/ });
  expect(document.activeElement).toBe(reply);
  await fireEvent.keyDown(reply, { key: "Enter" });
  expect(workspace.selected).toBe("reply");
  expect(reply.getAttribute("aria-pressed")).toBe("true");
  await fireEvent.keyDown(reply, { key: "Escape" });
  expect(workspace.selected).toBeNull();
});

test("interests can be hidden, and they are shown again when one is selected elsewhere", async () => {
  const workspace = shown();
  await fireEvent.click(screen.getByRole("button", { name: "Interests (1)", pressed: true }));
  expect(picture().queryByRole("button", { name: /^tolls/ })).toBeNull();
  workspace.selected = "income";
  expect(await picture().findByRole("button", { name: /^tolls/ })).toBeTruthy();
  expect(panel("tolls").getByText("reply == 'pay'")).toBeTruthy();
});

test("a node of a later round, which is not laid out, still has its panel", () => {
  const answers = sample({ layout: { ...LAYOUT, nodes: LAYOUT.nodes.filter((one) => one.name !== "parley"), edges: [] } });
  const workspace = new Workspace(answers);
  workspace.selected = "parley";
  render(Within, { props: { workspace, part: Diagram } });
  expect(panel("parley").getByText("decision of Aria, 1 May 2031")).toBeTruthy();
});

test("titles of the case are text in shapes, names and panel", async () => {
  const title = "<script>alert(1)</script><b>x</b>";
  shown({ nodes: sample().nodes.map((one) => (one.name === "reply" ? { ...one, title, about: title } : one)), forecasts: [forecast("reply", [value("pay", 1, { label: title })], { title })] });
  await fireEvent.click(picture().getAllByRole("button")[2]!);
  expect(document.querySelector("script, b")).toBeNull();
  expect(screen.getAllByText(title).length).toBeGreaterThan(1);
});
