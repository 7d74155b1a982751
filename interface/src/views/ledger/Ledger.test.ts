import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import "../../testing/browser";
import type { LedgerView } from "../../lib/messages";
import { Workspace } from "../../lib/workspace.svelte";
import type { Workbench } from "../../lib/workbench.svelte";
import { ledger, track } from "../../testing/ledger";
import { sample } from "../../testing/sample";
import Within from "../../testing/Within.svelte";
import Ledger from "./Ledger.svelte";

afterEach(cleanup);
const PREVIEW = { type: "ledger_preview", title: "Log 1 forecast of talks", sentences: ["They cannot be changed later."], rows: [{ title: "The parley", due: "2031-05-01", says: "talk", probability: 0.7, test: "envoys meet" }], path: "team.ledger", ticket: "t1" };

function shown(view: LedgerView = ledger(), answer: (request: { type: string }) => unknown = () => undefined) {
  const ask = vi.fn(async (request: { type: string }) => {
    const own = answer(request);
    if (own) return own;
    if (request.type === "ledger") return { type: "ledger", ledger: view };
    return request.type === "ledger_enter" ? { type: "ledger_entered", note: "Logged 1 forecast of talks: run 3." } : PREVIEW;
  });
  const bench = { link: { ask }, entries: 0, isAnswered: true, about: { name: "talks" } } as unknown as Workbench;
  const workspace = new Workspace(sample());
  Object.assign(workspace, { bench });
  render(Within, { props: { workspace, part: Ledger } });
  return ask;
}
const asked = (ask: ReturnType<typeof shown>, type: string) => ask.mock.calls.map(([request]) => request).filter((one) => one.type === type);

test("forecasts are shown before they are entered, and entered once", async () => {
  const ask = shown();
  await fireEvent.input(await screen.findByPlaceholderText("person or team"), { target: { value: "desk" } });
  await fireEvent.click(screen.getByText("Log the current forecasts …"));
  await screen.findByText("talk, 70%");
  expect(asked(ask, "ledger_log")).toEqual([{ type: "ledger_log", by: "desk" }]);
  expect(asked(ask, "ledger_enter")).toEqual([]);
  await fireEvent.click(screen.getByText("Enter in the ledger", { selector: "button" }));
  await waitFor(() => expect(screen.getByText("Logged 1 forecast of talks: run 3.")).toBeTruthy());
  expect(asked(ask, "ledger_enter")).toEqual([{ type: "ledger_enter", ticket: "t1" }]);
});

test("a course says its chances in words, and the values as the case calls them", async () => {
  shown(ledger({ tracks: [track({ outcome: { value: "talk", date: "2031-05-02", source: "Gazette", why: "" } })] }));
  const picture = await screen.findByRole("img", { name: /The parley: talk 40%, 70%/ });
  expect(picture).toBeTruthy();
  expect(screen.getByText(/Outcome:/).closest("p")!.textContent).toContain("talk, 2 May 2031 (Gazette)");
});

test("an outcome that was entered is corrected, with a reason", async () => {
  const ask = shown(ledger({ tracks: [track({ outcome: { value: "talk", date: "2031-05-02", source: "Gazette", why: "" } })] }));
  await screen.findByText("Correct an outcome");
  await fireEvent.change(screen.getByLabelText("was"), { target: { value: "1" } });
  await fireEvent.input(screen.getByLabelText("on"), { target: { value: "2031-05-02" } });
  await fireEvent.input(screen.getByPlaceholderText("where it is reported"), { target: { value: "Herald" } });
  await fireEvent.input(screen.getByPlaceholderText("why the earlier entry is wrong"), { target: { value: "a rumour" } });
  await fireEvent.submit(screen.getByRole("button", { name: "Correct …" }).closest("form")!);
  await waitFor(() => expect(asked(ask, "ledger_resolve")).toEqual([{ type: "ledger_resolve", values: { parley: "wait" }, on: "2031-05-02", source: "Herald", correct: true, why: "a rumour" }]));
});

test("an empty ledger says what to do, and a broken one why it is not shown", async () => {
  shown(ledger({ exists: false, runs: [], tracks: [], runs_in_all: 0 }));
  await screen.findByText(/Nothing is logged for this case yet/);
  cleanup();
  shown(ledger(), (request) => { if (request.type === "ledger") throw new Error("team.ledger is not a ledger."); });
  expect((await screen.findByRole("alert")).textContent).toBe("team.ledger is not a ledger.");
});

test("what the ledger says is text", async () => {
  shown(ledger({ tracks: [track({ title: "<img src=x onerror=alert(1)>", resolves: "<b>bold</b>" })] }));
  await screen.findAllByText("<img src=x onerror=alert(1)>");
  expect(document.querySelector("img, b")).toBeNull();
});
