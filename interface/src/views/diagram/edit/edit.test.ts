import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test } from "vitest";
import "../../../testing/browser";
import type { Layout } from "../../../lib/answers";
import type { FromServer, Request } from "../../../lib/messages";
import { Workbench } from "../../../lib/workbench.svelte";
import { Workspace } from "../../../lib/workspace.svelte";
import { FakeServer, hello } from "../../../testing/fake_server";
import { sample } from "../../../testing/sample";
import Within from "../../../testing/Within.svelte";
import Diagram from "../Diagram.svelte";

afterEach(cleanup);

const place = (name: string, shape: string, player: string | null, column: number) => ({ name, shape, player, lines: [name], x: 12 + column * 160, y: 60, width: 118, height: 44, column });
const LAYOUT = {
  width: 640, height: 320, interests_from: 200, caption: "",
  columns: [0, 1, 2].map((i) => ({ x: 12 + i * 160, width: 118, label: "", first: `2031-0${i + 1}-01`, last: `2031-0${i + 1}-01` })),
  nodes: [place("demand", "decision", "aria", 0), place("reply", "decision", "borland", 1), place("parley", "decision", "aria", 2)], edges: [],
} as unknown as Layout;
const CONTENT = {
  players: { aria: { name: "Aria" }, borland: { name: "Borland" } },
  nodes: {
    demand: { player: "aria", domain: [30, 50], at: "2031-03-10" },
    reply: { player: "borland", sees: ["demand"], domain: ["pay", "fight"], at: "2031-04-20" },
    parley: { player: "aria", domain: ["talk", "wait"], at: "2031-05-01" },
  },
};
let server: FakeServer;
let space: Workspace;

/** The last request of a kind. */
const heard = <Type extends Request["type"]>(type: Type) => server.heard.filter((request): request is Extract<Request, { type: Type }> => request.type === type).at(-1);
const say = (message: unknown) => server.say(message as FromServer);
const outline = (content: unknown) => say({ type: "outline", revision: 1, content, answers: null, case_digest: "" });

beforeEach(async () => {
  server = new FakeServer();
  const bench = new Workbench(server.connect);
  space = new Workspace(sample({ layout: LAYOUT }), bench);
  render(Within, { props: { workspace: space, part: Diagram } });
  server.say(hello());
  outline(CONTENT);
  await waitFor(() => screen.getByRole("button", { name: "+ decision" }));
});

const shape = (name: string) => document.querySelector<SVGGElement>(`.window g.node[data-name="${name}"]`)!;
const panel = () => within(document.querySelector<HTMLElement>(".beside")!);

test("what is added is selected, and the keyboard goes into its title", async () => {
  await fireEvent.keyDown(shape("reply"), { key: "d" });
  await waitFor(() => expect(heard("change")).toBeTruthy());
  const { id, operations, what } = heard("change")!;
  expect(what).toBe("Add the decision decision_1");
  expect(operations[0]).toMatchObject({ path: ["nodes", "decision_1"], value: { player: "borland", sees: ["reply"], at: "2031-04-27" } });
  outline({ ...CONTENT, nodes: { ...CONTENT.nodes, decision_1: (operations[0] as any).value } });
  say({ type: "changed", id, difference: "" });
  await waitFor(() => expect(document.activeElement).toBe(panel().getByLabelText("Title")));
  await fireEvent.input(document.activeElement!, { target: { value: "The last word" } });
  await fireEvent.keyDown(document.activeElement!, { key: "Enter" });
  await waitFor(() => expect(heard("change")!.what).toBe("Call decision_1 “The last word”"));
  expect(heard("change")!.operations).toEqual([
    { kind: "set", path: ["nodes", "decision_1", "title"], value: "The last word" },
    { kind: "rename", of: "node", name: "decision_1", new_name: "last_word" },
  ]);
});

test("an arrow is drawn by keyboard, and what is refused is said", async () => {
  await fireEvent.keyDown(shape("demand"), { key: "x" });
  await fireEvent.keyDown(shape("parley"), { key: "Enter" });
  await waitFor(() => expect(heard("change")?.operations).toEqual([{ kind: "set", path: ["nodes", "parley", "sees"], value: ["demand"] }]));
  say({ type: "error", id: heard("change")!.id, message: "Somebody is typing." });
  expect(await screen.findByText("Somebody is typing.")).toBeTruthy();
});

test("a field enters what was typed once, Escape takes it back, and empty text takes the value out", async () => {
  await fireEvent.keyDown(shape("reply"), { key: "e" });
  const day = await waitFor(() => panel().getByLabelText("Day"));
  await fireEvent.input(day, { target: { value: "2031-04-21" } });
  await fireEvent.keyDown(day, { key: "Escape" });
  await fireEvent.blur(day);
  expect(heard("change")).toBeUndefined();
  await fireEvent.input(day, { target: { value: "2031-04-22" } });
  await fireEvent.keyDown(day, { key: "Enter" });
  await fireEvent.blur(day);
  await waitFor(() => expect(server.heard.filter(({ type }) => type === "change").length).toBe(1));
  expect(heard("change")!.operations).toEqual([{ kind: "set", path: ["nodes", "reply", "at"], value: "2031-04-22" }]);
});

test("a problem stands at its field, and no other", async () => {
  await fireEvent.keyDown(shape("reply"), { key: "e" });
  const when = await waitFor(() => panel().getByLabelText("Arises only when"));
  say({ type: "checked", checked: { revision: 0, problems: [{ line: 3, column: 1, message: "nodes.reply.when: no such node", path: ["nodes", "reply", "when"] }], warnings: [] } });
  await waitFor(() => expect(when.getAttribute("aria-invalid")).toBe("true"));
  expect(document.getElementById(when.getAttribute("aria-describedby")!)!.textContent).toContain("no such node");
  expect(panel().getByLabelText("Day").getAttribute("aria-invalid")).toBe("false");
});

test("a deletion is asked for with all that it would take along, and done only then", async () => {
  await fireEvent.keyDown(shape("demand"), { key: "Delete" });
  await waitFor(() => expect(heard("preview")?.operations).toEqual([{ kind: "delete", of: "node", name: "demand" }]));
  say({ type: "previewed", id: heard("preview")!.id, difference: "", consequences: ["reply no longer sees demand."], problems: [] });
  const dialog = within(await waitFor(() => screen.getByRole("dialog")));
  expect(await dialog.findByText("reply no longer sees demand.")).toBeTruthy();
  expect(heard("change")).toBeUndefined();
  await fireEvent.click(dialog.getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(heard("change")?.what).toBe("Delete the node demand"));
});

test("tick boxes say who sees a node, and change what the file says", async () => {
  await fireEvent.keyDown(shape("demand"), { key: "e" });
  await waitFor(() => panel().getByText("Seen by", { selector: "summary" }));
  const box = panel().getByRole("checkbox", { name: /^reply/, hidden: true }) as HTMLInputElement;
  expect(box.checked).toBe(true);
  await fireEvent.click(box);
  await waitFor(() => expect(heard("change")?.operations).toEqual([{ kind: "remove", path: ["nodes", "reply", "sees", 0] }]));
  expect(box.checked).toBe(true);
});

test("text of the case is text in every field", async () => {
  outline({ ...CONTENT, players: { aria: { name: "<b>x</b>", about: "<script>1</script>" }, borland: {} } });
  await fireEvent.click(await screen.findByRole("button", { name: "Edit the player <b>x</b>" }));
  await waitFor(() => expect((panel().getByLabelText("Title") as HTMLInputElement).value).toBe("<b>x</b>"));
  expect(document.querySelector("b, script")).toBeNull();
});

test("the highest level of a hierarchy is a field, and leaving it empty takes it out", async () => {
  outline({ ...CONTENT, players: { ...CONTENT.players, aria: { name: "Aria", reasoning: { hierarchy: 1.5, max_level: 3 } } } });
  await fireEvent.click(await screen.findByRole("button", { name: "Edit the player Aria" }));
  const field = await waitFor(() => panel().getByLabelText("Highest level") as HTMLInputElement);
  expect(field.value).toBe("3");
  const path = ["players", "aria", "reasoning", "max_level"];
  for (const [typed, operation] of [["2", { kind: "set", path, value: 2 }], ["", { kind: "remove", path }]] as const) {
    await fireEvent.input(field, { target: { value: typed } });
    await fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(heard("change")?.operations).toEqual([operation]));
  }
});
