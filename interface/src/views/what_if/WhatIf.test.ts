import { cleanup, fireEvent, render, screen, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import "../../testing/browser";
import type { Request, WhatIfMessage } from "../../lib/messages";
import { FakeServer, hello } from "../../testing/fake_server";
import { Workbench } from "../../lib/workbench.svelte";
import { Workspace } from "../../lib/workspace.svelte";
import Within from "../../testing/Within.svelte";
import { movable } from "../../testing/movable";
import WhatIf from "./WhatIf.svelte";

afterEach(cleanup);
const frame = () => new Promise((done) => requestAnimationFrame(done)).then(tick);
const words = (element: Element | null | undefined) => element?.textContent?.replace(/\s+/g, " ").trim();
const values = (title: string) => within(screen.getByRole("heading", { name: title }).closest("figure")!).getAllByRole("listitem").map(words);

function shown(answers = movable(), bench?: Workbench): Workspace {
  const workspace = new Workspace(answers, bench);
  render(Within, { props: { workspace, part: WhatIf } });
  return workspace;
}

test("an intervention says who knows of it, what both sides know, and each value before and after", () => {
  shown();
  expect(values("Somebody pushes")).toEqual(["yes from 50% → 55% +5 (+5 to +5)", "no from 50% → 45% −5 (−5 to −5)"]);
  expect(screen.getByText("Known to everyone when it happens; both sides know the whole record.")).toBeTruthy();
});

test("only the forecast given the whole record is called as it is; a counterfactual shows its other extreme", () => {
  const answers = movable();
  const [push] = answers.what_ifs as [(typeof answers.what_ifs)[number]];
  const [outcome] = push.outcomes as [(typeof push.outcomes)[number]];
  const values_ = outcome.values.map((one) => ({ ...one, after_independent: 0.7 }));
  const past = { ...push, is_counterfactual: true, outcomes: [{ ...outcome, values: values_ }] };
  shown({ ...answers, what_ifs: [past] });
  expect(values("Somebody pushes")[0]).toBe("yes from 50% → 55% / 70% +5 (+5 to +5)");
  expect(screen.getByText(/the other extreme of what no data can test/)).toBeTruthy();
  expect(document.querySelector(".key")?.textContent).toContain("as it is");
  cleanup();
  shown({ ...answers, what_ifs: [{ ...push, before_label: "as it looked on 13 June 2025", record_before: "2025-06-13" }] });
  expect(document.querySelector(".key")?.textContent).toContain("as it looked on 13 June 2025");
  expect(document.body.textContent).not.toContain("as it is");
});

test("interventions can be switched off and on", async () => {
  shown();
  const toggle = screen.getByRole("button", { name: "Somebody pushes" });
  await fireEvent.click(toggle);
  expect(toggle.getAttribute("aria-pressed")).toBe("false");
  expect(screen.queryByRole("heading", { name: "Somebody pushes" })).toBeNull();
  await fireEvent.click(toggle);
  expect(screen.getByRole("heading", { name: "Somebody pushes" })).toBeTruthy();
});

test("moved sliders reweight both sides, and the view says so", async () => {
  const workspace = shown();
  workspace.shifting.set({ height: 1 });
  await frame();
  expect(values("Somebody pushes")[0]).toBe("yes from 60% → 65% +5 (+5 to +5)");
  expect(screen.getByText(/both sides are reweighted with them/)).toBeTruthy();
});

test("in the report one line says that the workbench can set any node by hand", () => {
  shown();
  expect(screen.getByText("backchannel serve CASE")).toBeTruthy();
  expect(screen.queryByRole("heading", { name: "Set a node by hand" })).toBeNull();
});

function atWork() {
  const server = new FakeServer();
  const bench = new Workbench(server.connect, undefined);
  server.say(hello());
  const answers = movable();
  server.say({ type: "answers", answers, shifts: {}, text_revision: 0, case_digest: "c0" });
  return { server, workspace: shown(answers, bench) };
}

test("a node set by hand is sent, and the answer is shown beside the named ones", async () => {
  const { server } = atWork();
  await fireEvent.change(screen.getByLabelText("Node"), { target: { value: "reply" } });
  await fireEvent.change(screen.getByLabelText("known to"), { target: { value: "nobody" } });
  await fireEvent.click(screen.getByRole("button", { name: "Solve" }));
  const sent = server.heard.find((one) => one.type === "what_if") as Extract<Request, { type: "what_if" }>;
  expect(sent.asked).toEqual({ key: "reply=pay false", do: { reply: "pay" }, announced: false, outcomes: ["outcome"], view: "record" });
  const named = movable().what_ifs[0]!;
  server.say({ type: "shared", shared: { revision: 1, shifts: {}, what_ifs: [sent.asked], case_digest: "c0" } });
  server.say({ type: "what_if", id: sent.id, asked: sent.asked, what_if: { ...named, title: "The reply is pay" }, columns: movable().draws!.what_ifs[0]!, shifts: {}, case_digest: "c0" } as WhatIfMessage);
  await vi.waitFor(() => expect(screen.getByRole("heading", { name: "reply: pay" })).toBeTruthy());
  expect(screen.getByRole("heading", { name: "Somebody pushes" })).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Take away: reply: pay" }));
  expect(server.heard.at(-1)).toMatchObject({ type: "drop", key: "reply=pay false" });
});

test("an error message of the server is shown, and the form stays as it was", async () => {
  const { server } = atWork();
  await fireEvent.click(screen.getByRole("button", { name: "Solve" }));
  server.say({ type: "error", id: server.heard.at(-1)!.id, message: "The reply cannot be set before it is due." });
  await vi.waitFor(() => expect(screen.getByRole("alert").textContent).toBe("The reply cannot be set before it is due."));
  expect((screen.getByRole("button", { name: "Solve" }) as HTMLButtonElement).disabled).toBe(false);
});
