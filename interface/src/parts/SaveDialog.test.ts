import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import "../testing/browser";
import type { ChangesMessage, SavedMessage } from "../lib/messages";
import SaveDialog from "./SaveDialog.svelte";

afterEach(cleanup);
const DIFF = "--- talks.yaml\n+++ talks.yaml\n@@ -1 +1 @@\n-cost: {between: [1, 4]}  # <b>kept</b>\n+cost: {between: [2, 3]}  # <b>kept</b>";
const changes = (more: Partial<ChangesMessage> = {}): ChangesMessage => ({ type: "changes", what: "shifts", diff: DIFF, path: "talks.yaml", ticket: "t1", note: "", left_out: [], ...more });

function opened(found: Partial<ChangesMessage> = {}, save = vi.fn(async () => ({ type: "saved", path: "talks.yaml", note: "" }) as unknown as SavedMessage)) {
  const bench = { about: null, changes: vi.fn(async (_what: string, path?: string) => changes({ ...found, ...(path ? { path, ticket: "t2" } : {}) })), save };
  const onclose = vi.fn();
  render(SaveDialog, { props: { bench, what: "shifts", onclose } });
  return { bench, save, onclose };
}
const button = () => screen.getByRole("button", { name: "Save" }) as HTMLButtonElement;

test("the difference is shown before anything is saved, as text", async () => {
  const { save } = opened();
  await waitFor(() => expect(screen.getByRole("region", { name: "Difference" }).textContent).toContain("+cost: {between: [2, 3]}  # <b>kept</b>"));
  expect(document.querySelector(".diff b")).toBeNull();
  expect(save).not.toHaveBeenCalled();
  await fireEvent.click(button());
  expect(save).toHaveBeenCalledWith("t1");
  await waitFor(() => expect(screen.getByRole("status").textContent).toBe("Saved as talks.yaml."));
});

test("another file needs its own look at the difference first", async () => {
  const { bench, save } = opened();
  await waitFor(() => expect(button().disabled).toBe(false));
  await fireEvent.input(screen.getByLabelText("File"), { target: { value: "other.yaml" } });
  expect(button().disabled).toBe(true);
  await fireEvent.click(screen.getByRole("button", { name: "Show the difference for this file" }));
  await waitFor(() => expect(button().disabled).toBe(false));
  expect(bench.changes).toHaveBeenLastCalledWith("shifts", "other.yaml", {});
  await fireEvent.click(button());
  expect(save).toHaveBeenCalledWith("t2");
});

test("sliders that cannot be written are named with the reason; nothing to save cannot be saved", async () => {
  opened({ diff: "", ticket: "", note: "There is nothing to save.", left_out: [{ parameter: "cost", reason: "its prior comes from a fit" }] });
  await waitFor(() => expect(screen.getByText("There is nothing to save.")).toBeTruthy());
  expect(screen.getByText("cost").closest("li")!.textContent).toBe("cost: its prior comes from a fit");
  expect(button().disabled).toBe(true);
});

test("what goes wrong is said, and can be tried again", async () => {
  opened({}, vi.fn(async () => { throw new Error("The file was changed by somebody else."); }));
  await waitFor(() => expect(button().disabled).toBe(false));
  await fireEvent.click(button());
  await waitFor(() => expect(screen.getByRole("alert").textContent).toBe("The file was changed by somebody else."));
  expect(button().disabled).toBe(false);
});

test("a moved number is saved only with the analyst's own reason, and with what it looks like", async () => {
  const asked = vi.fn(async (_what: string, path?: string, reasons?: Record<string, string>) => changes({ ticket: Object.keys(reasons ?? {}).length && Object.values(reasons!).every(Boolean) ? "t3" : "", ...(path ? { path } : {}) }));
  const save = vi.fn(async () => ({ type: "saved", path: "talks.yaml", note: "" }) as unknown as SavedMessage);
  const moved = [{ parameter: "cost", label: "cost of war" }, { parameter: "gain", label: "worth of peace" }];
  render(SaveDialog, { props: { bench: { about: null, changes: asked, save }, what: "shifts", moved, onclose: vi.fn() } });
  const reason = await screen.findByLabelText("Reason");
  expect(button().disabled).toBe(true);
  await fireEvent.input(reason, { target: { value: "new figures" } });
  expect(button().disabled).toBe(true);
  await fireEvent.click(screen.getByRole("button", { name: "Show the difference with this reason" }));
  expect(asked).toHaveBeenLastCalledWith("shifts", "talks.yaml", { cost: "new figures", gain: "new figures" });
  await waitFor(() => expect(button().disabled).toBe(false));
  await fireEvent.click(screen.getByLabelText("The same reason for all 2"));
  expect(button().disabled).toBe(true);
  await fireEvent.input(screen.getByLabelText("cost of war"), { target: { value: "a study" } });
  expect((screen.getByRole("button", { name: "Show the difference with these reasons" }) as HTMLButtonElement).disabled).toBe(true);
});
