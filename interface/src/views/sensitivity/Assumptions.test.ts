import { cleanup, fireEvent, render, screen, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, expect, test } from "vitest";
import "../../testing/browser";
import { Workspace } from "../../lib/workspace.svelte";
import Within from "../../testing/Within.svelte";
import { assumption, movable } from "../../testing/movable";
import Assumptions from "./Assumptions.svelte";

afterEach(cleanup);

function shown(answers = movable()): Workspace {
  const workspace = new Workspace(answers);
  render(Within, { props: { workspace, part: Assumptions } });
  return workspace;
}
const frame = () => new Promise((done) => requestAnimationFrame(done)).then(tick);
const panel = () => within(screen.getByRole("region", { name: "The outcome, before and after" }));
const slider = (name: string) => screen.getByRole("slider", { name }) as HTMLInputElement;
const words = (element: Element | null | undefined) => element?.textContent?.replace(/\s+/g, " ").trim();
/** A slider has 200 steps from the 0.5% to the 99.5% quantile; where 'height' is 12, its score is 1. */
const TWELVE = Math.round(((12 - (10 - 2 * 2.5758)) / (4 * 2.5758)) * 200);

test("a slider shows its number in its unit, and the interval once it is moved", async () => {
  shown();
  expect(slider("height of the bar").getAttribute("aria-valuetext")).toBe("10 metres, not moved");
  await fireEvent.input(slider("height of the bar"), { target: { value: TWELVE } });
  await frame();
  expect(slider("height of the bar").getAttribute("aria-valuetext")).toMatch(/^1[12](\.\d+)? metres, about 10\.\d to 13\.\d in nine of ten$/);
});

test("a burst of a hundred inputs ends on the last, and the outcome follows", async () => {
  const workspace = shown();
  for (let i = 0; i < 100; i++) void fireEvent.input(slider("height of the bar"), { target: { value: TWELVE - 99 + i } });
  await frame();
  expect(workspace.shifting.shifts.height).toBeCloseTo(1, 1);
  expect(words(panel().getAllByRole("listitem")[0])).toMatch(/^yes before 50% → 60% \+10/);
  expect(panel().getByText(/1 slider moved/)).toBeTruthy();
});

test("one slider can be put back, and all", async () => {
  const workspace = shown();
  workspace.shifting.set({ height: 1, other: 0.5 });
  await frame();
  await fireEvent.click(screen.getByRole("button", { name: "Put back: height of the bar" }));
  await frame();
  expect(workspace.shifting.moved).toEqual(["other"]);
  await fireEvent.click(screen.getByRole("button", { name: "Reset all sliders" }));
  expect(workspace.shifting.moved).toEqual([]);
  expect(words(panel().getAllByRole("listitem")[0])).toMatch(/^yes 50%/);
});

test("where too few draws speak, the report says where it can be solved", async () => {
  const workspace = shown();
  workspace.shifting.set({ height: 2.5 });
  await frame();
  expect(words(panel().getByText(/Too few draws/))).toContain("open the workbench (backchannel serve) to solve again");
  expect(screen.queryByRole("button", { name: "Solve again" })).toBeNull();
});

test("a slider stands beside its source with the grade, and says where it stands on weak ground", async () => {
  shown();
  expect(screen.getByText("Weak ground: judgement alone")).toBeTruthy();
  await fireEvent.input(screen.getByRole("searchbox"), { target: { value: "inquiry so" } });
  expect(screen.getByText("1 of 2")).toBeTruthy();
  expect(screen.queryByRole("slider", { name: "height of the bar" })).toBeNull();
  expect(screen.getByText(/Blockade inquiry/)).toBeTruthy();
  expect(screen.getByText("B2").getAttribute("title")).toBe("usually reliable, probably true");
});

test("groups: what moves most, weak ground", async () => {
  shown();
  const titles = () => [...document.querySelectorAll(".group summary strong")].map((one) => one.textContent);
  expect(titles()).toEqual(["Moves most", "Moves less"]);
  await fireEvent.change(screen.getByLabelText("By"), { target: { value: "weak" } });
  expect(titles()).toEqual(["Weakly supported", "Better supported"]);
});

test("a tipping point moves its slider beyond itself", async () => {
  const workspace = shown();
  await fireEvent.click(screen.getByRole("button", { name: "Move the slider there: height of the bar" }));
  await frame();
  // Now 10, tips at 9.5: as far beyond is 9, where the score is -0.5.
  expect(workspace.shifting.shifts.height).toBeCloseTo(-0.5, 2);
  expect(screen.getByText(/sliders do not change them/)).toBeTruthy();
});

test("a document without draws says so and shows the rest", () => {
  shown(movable({ draws: null }));
  expect(screen.getByText(/contains no draws/)).toBeTruthy();
  expect(screen.queryByRole("slider")).toBeNull();
  expect(screen.getByRole("heading", { name: "What decides “The outcome: yes”" })).toBeTruthy();
});

test("labels and reasons are text, whatever they hold", () => {
  const hostile = `<img src=x onerror="alert(1)">`;
  shown(movable({ assumptions: [assumption("height", { label: hostile, reasons: [{ source: "inquiry", at: hostile, says: hostile, judgement: hostile }] })] }));
  expect(document.querySelector("img")).toBeNull();
  expect(screen.getByRole("slider", { name: hostile })).toBeTruthy();
});
