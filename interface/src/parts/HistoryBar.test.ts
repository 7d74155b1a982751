import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import "../testing/browser";
import HistoryBar from "./HistoryBar.svelte";

afterEach(cleanup);
const NOTHING = { undo: null, redo: null, n_undo: 0, n_redo: 0, difference: "" };

function shown(history: Partial<typeof NOTHING> | Record<string, unknown> = {}) {
  const bench = { history: { ...NOTHING, ...history }, line: "open" as const, undo: vi.fn(async () => undefined), redo: vi.fn(async () => undefined) };
  render(HistoryBar, { props: { bench } });
  return bench;
}

test("where nothing was done, nothing can be undone", () => {
  shown();
  expect((screen.getByRole("button", { name: "Undo" }) as HTMLButtonElement).disabled).toBe(true);
  expect(screen.queryByRole("button", { name: /Last change/ })).toBeNull();
});

test("the last change is named, and shown as a difference on request, as text", async () => {
  shown({ undo: "Add the decision reply", n_undo: 1, difference: "@@ -1 +1 @@\n+  reply: <b>x</b>" });
  await fireEvent.click(screen.getByRole("button", { name: "Last change: Add the decision reply" }));
  expect(screen.getByRole("region").textContent).toContain("+  reply: <b>x</b>");
  expect(document.querySelector(".diff b")).toBeNull();
});

test("Ctrl-Z undoes, Ctrl-Shift-Z redoes; in a text field the keys are the field's own", async () => {
  const bench = shown({ undo: "Move the slider of cost", redo: "Edit the text" });
  const field = document.body.appendChild(document.createElement("textarea"));
  await fireEvent.keyDown(field, { key: "z", ctrlKey: true });
  expect(bench.undo).not.toHaveBeenCalled();
  await fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
  expect(bench.undo).toHaveBeenCalledTimes(1);
  await fireEvent.keyDown(document.body, { key: "Z", ctrlKey: true, shiftKey: true });
  expect(bench.redo).toHaveBeenCalledTimes(1);
  field.remove();
});

test("Ctrl-Z on a slider undoes, since a slider has no undo of its own", async () => {
  const bench = shown({ undo: "Change the weight of the base rate of parley" });
  const slider = document.body.appendChild(Object.assign(document.createElement("input"), { type: "range" }));
  await fireEvent.keyDown(slider, { key: "z", ctrlKey: true });
  expect(bench.undo).toHaveBeenCalledTimes(1);
  slider.type = "text";
  await fireEvent.keyDown(slider, { key: "z", ctrlKey: true });
  expect(bench.undo).toHaveBeenCalledTimes(1);
  slider.remove();
});
