// What is shown and what is saved says with which sliders it was solved, wherever it is not the case as written.
import { cleanup, fireEvent, render, screen, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import "../testing/browser";
import { movable } from "../testing/movable";
import Within from "../testing/Within.svelte";
import ShiftBar from "../parts/ShiftBar.svelte";
import { allTables } from "../views/share/all";
import Tornado from "../views/sensitivity/Tornado.svelte";
import Share from "../views/share/Share.svelte";
import WhatIf from "../views/what_if/WhatIf.svelte";
import { named } from "./file_names";
import { Workspace } from "./workspace.svelte";

const saved: { name: string; text: string }[] = [];
vi.mock("./download", async (original) => ({
  ...(await original<typeof import("./download")>()),
  save: (name: string, contents: unknown) => void saved.push({ name, text: String(contents) }),
}));

afterEach(() => {
  cleanup();
  saved.length = 0;
});
const SENTENCE = "Solved with 1 slider moved, not as the case is written: height of the bar 14 (12 to 16) instead of 10.";
const frame = () => new Promise((done) => requestAnimationFrame(done)).then(tick);
const DOCUMENT = movable({ whys: [], claims: [], deals: [], surprise: null });
const solvedWithSlider = () => {
  const slider = { parameter: "height", label: "height of the bar", unit: "metres", score: 2, median: 14, low: 12, high: 16, median_as_written: 10 };
  return { ...DOCUMENT, run: { ...DOCUMENT.run, sliders: [slider], moved: SENTENCE } };
};
const shown = (part: Parameters<typeof render>[0], answers = DOCUMENT) => {
  const workspace = new Workspace(answers);
  render(Within, { props: { workspace, part: part as never, props: { onslider: () => undefined } } });
  return workspace;
};

test("a case that was solved as it is written says nothing of sliders", () => {
  const workspace = shown(Tornado);
  expect(document.body.textContent).not.toContain("slider moved");
  expect(allTables(workspace.answers).every((one) => !one.head.includes("solved with"))).toBe(true);
});

test("figures and tables of a document that was solved with sliders say so, and so do their files", async () => {
  const workspace = shown(Tornado, solvedWithSlider());
  expect(screen.getByText(SENTENCE).closest("figcaption")).toBeTruthy();
  await fireEvent.click(within(screen.getByText("As a table").closest("details")!).getByRole("button", { name: "CSV", hidden: true }));
  expect(saved[0]!.name).toContain("sliders-moved");
  const [head, ...rows] = saved[0]!.text.trim().split(/\r?\n/);
  expect(head).toContain("solved with");
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row).toContain(SENTENCE);
  for (const table of allTables(workspace.answers)) {
    expect(table.head.at(-1)).toBe("solved with");
    expect(table.rows.every((row) => row.at(-1) === SENTENCE)).toBe(true);
  }
  expect(named(workspace, "x", "csv", SENTENCE)).toMatch(/sliders-moved\.csv$/);
});

test("what follows the sliders says with which it was reweighted, and the rest of the page does not", async () => {
  const workspace = shown(WhatIf);
  workspace.shifting.set({ height: 1 });
  await frame();
  const caption = screen.getByRole("heading", { name: "Somebody pushes" }).closest("figure")!.querySelector("figcaption")!;
  expect(caption.textContent).toContain("Reweighted with 1 slider moved, not as the case is written: height of the bar 12 (");
  cleanup();
  const other = shown(Tornado);
  other.shifting.set({ height: 1 });
  await frame();
  expect(document.querySelector("figcaption")!.textContent).not.toContain("slider");
});

test("the line above the views says what was solved with the sliders and what was not", async () => {
  const workspace = shown(ShiftBar, solvedWithSlider());
  const says = () => screen.getByRole("status").textContent!.replace(/\s+/g, " ");
  expect(says()).toContain("forecasts and what-ifs are solved with it");
  expect(says()).toContain("Everything else was solved with it, too.");
  workspace.shifting.reset();
  await frame();
  expect(says()).toContain("All sliders are back, and forecasts and what-ifs are reweighted for the case as it is written.");
  expect(says()).toContain(`Everything else was solved with other sliders. ${SENTENCE}`);
});

test("all files together are named by it, too", async () => {
  shown(Share, solvedWithSlider());
  expect(screen.getByText(/These files hold answers with sliders moved/).textContent).toContain(SENTENCE);
  await fireEvent.click(screen.getByRole("button", { name: "Answers document (JSON)" }));
  expect(saved[0]!.name).toContain("sliders-moved");
  expect(saved[0]!.text).toContain(SENTENCE);
});
