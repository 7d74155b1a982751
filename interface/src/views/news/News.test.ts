import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import "../../testing/browser";
import type { Workbench } from "../../lib/workbench.svelte";
import { Workspace } from "../../lib/workspace.svelte";
import { sample } from "../../testing/sample";
import Within from "../../testing/Within.svelte";
import News from "./News.svelte";

afterEach(cleanup);
const value = (label: string, before: number, after: number) => ({ value: label, label, before, after, word_before: "", word_after: "", low: after, high: after, bounds_before: null, bounds: null });
const REPORT = {
  document: "backchannel-moved", version: "1.1", case: "Canal", headline: ["The news had a probability of 20%."], news: [], differences: [],
  forecasts: [{ node: "parley", title: "The parley", date: null, distance: 0.2, values: [value("talk", 0.5, 0.7), value("wait", 0.5, 0.3)] }, { node: "quiet", title: "A quiet node", date: null, distance: 0.001, values: [value("x", 0.5, 0.501)] }],
  assumptions: [], claims: [], surprises: [{ player: null, title: "a reader", probability: 0, bits: null }], draws: 64, effective_before: 60, effective_after: 50, left_out_before: 0, left_out: 0, caption: "Over 64 draws.",
};
const NEWS = { type: "news", difference: "+  - {node: reply}", remarks: ["Note: reply was planned later."], operations: [{ kind: "insert", path: ["record"], index: null, value: {} }], what: "Enter reply=fight", report: REPORT };

function shown(more: Partial<Workbench> = {}) {
  const bench = {
    link: { ask: vi.fn(async () => NEWS) }, change: vi.fn(async () => ({})), changes: vi.fn(async () => ({ ticket: "t", diff: "", path: "", note: "", left_out: [] })),
    save: vi.fn(async () => ({ note: "Wrote talks.yaml." })), about: { editable: true }, unsaved: false, caseDigest: "c", isAnswered: true, ...more,
  };
  const workspace = new Workspace(sample());
  Object.assign(workspace, { bench });
  render(Within, { props: { workspace, part: News } });
  return bench;
}

async function ask(): Promise<void> {
  await fireEvent.change(screen.getByLabelText("What"), { target: { value: "reply" } });
  await fireEvent.change(screen.getByLabelText("was"), { target: { value: "1" } });
  await fireEvent.input(screen.getByLabelText("on"), { target: { value: "2031-04-10" } });
  await fireEvent.submit(screen.getByRole("button", { name: "What does it change?" }).closest("form")!);
  await screen.findByText("What it changes");
}

test("what it changes is shown before anything is written", async () => {
  const bench = shown();
  await ask();
  expect(bench.link.ask).toHaveBeenCalledWith({ type: "news", node: "reply", value: "fight", day: "2031-04-10", source: "inquiry", reliability: 1, place: "", new_source: "", grade: "" });
  expect(screen.getByText("It happened earlier, so this day becomes the planned one.", { exact: false })).toBeTruthy();
  expect(screen.getByText("The news had a probability of 20%.")).toBeTruthy();
  expect(screen.getByText("+20")).toBeTruthy();
  expect(screen.getByText("impossible")).toBeTruthy();
  expect(screen.queryByText("A quiet node")).toBeNull();
  expect(bench.change).not.toHaveBeenCalled();
});

test("nothing can be asked before the case is solved", () => {
  shown({ isAnswered: false } as Partial<Workbench>);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "What does it change?" }).disabled).toBe(true);
  expect(screen.getByText("You can ask this once the case is solved.")).toBeTruthy();
});

test("saving makes the change and writes the file", async () => {
  const bench = shown();
  await ask();
  await fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Wrote talks.yaml.");
  expect(bench.change).toHaveBeenCalledWith(NEWS.operations, "Enter reply=fight");
  expect(bench.save).toHaveBeenCalledWith("t");
});

test("where other text is unsaved, the whole difference is shown once more", async () => {
  const bench = shown({ unsaved: true } as Partial<Workbench>);
  await ask();
  await fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.getByRole("dialog")).toBeTruthy());
  expect(bench.change).toHaveBeenCalled();
  expect(bench.save).not.toHaveBeenCalled();
});

test("dropping writes nothing", async () => {
  const bench = shown();
  await ask();
  await fireEvent.click(screen.getByRole("button", { name: "Drop" }));
  expect(screen.getByText("Dropped. Nothing was written.")).toBeTruthy();
  expect(bench.change).not.toHaveBeenCalled();
});

test("a new source has a name, a title and a grade", async () => {
  const bench = shown();
  await fireEvent.change(screen.getByLabelText("says"), { target: { value: "" } });
  await fireEvent.input(screen.getByLabelText("called"), { target: { value: "herald" } });
  await fireEvent.input(screen.getByLabelText("title"), { target: { value: "The Herald" } });
  await fireEvent.input(screen.getByLabelText("grade"), { target: { value: "B2" } });
  await ask();
  expect(bench.link.ask).toHaveBeenCalledWith(expect.objectContaining({ source: "herald", new_source: "The Herald", grade: "B2" }));
});
