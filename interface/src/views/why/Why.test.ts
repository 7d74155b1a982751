import { cleanup, fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import "../../testing/browser";
import { Workspace } from "../../lib/workspace.svelte";
import { cause, reading, why } from "../../testing/findings";
import { sample } from "../../testing/sample";
import Within from "../../testing/Within.svelte";
import Why from "./Why.svelte";

afterEach(cleanup);

function shown(whys: ReturnType<typeof why>[], selected: string | null = null): void {
  const workspace = new Workspace(sample({ whys }));
  workspace.selected = selected;
  render(Within, { props: { workspace, part: Why } });
}
const picture = (name: RegExp) => screen.getByRole("img", { name });

test("a share below 0 reaches left of 0, and is hollow", () => {
  shown([why([cause("greed", 0.3), cause("pride", -0.1)])]);
  const shares = picture(/^Shares of the causes/);
  const [greed, pride] = [...shares.querySelectorAll("g rect[rx]")];
  const end = (rect: Element | undefined, side: number) => Number(rect?.getAttribute("x")) + side * Number(rect?.getAttribute("width"));
  expect(end(pride, 1)).toBeCloseTo(end(greed, 0));
  expect(pride?.getAttribute("fill")).toBe("var(--paper)");
  expect(greed?.getAttribute("fill")).not.toBe("var(--paper)");
  expect(shares.textContent).toContain("−10");
});

test("bounds are drawn and told only where they are known", () => {
  shown([why([cause("greed", 0.3), cause("pride", 0.1)])]);
  expect(screen.queryByText("sharp bounds of the necessity")).toBeNull();
  cleanup();
  shown([why([cause("greed", 0.3, { bounds: [0.1, 0.75] })])]);
  expect(screen.getByText("sharp bounds of the necessity")).toBeTruthy();
  expect(picture(/sharp bounds 10% to 75%/)).toBeTruthy();
});

test("the reading with independent shocks and the standard error stand beside the mean", () => {
  shown([why([cause("greed", 0.22, { share: reading(0.22, { independent: 0.31, error: 0.004 }) })])]);
  expect(picture(/\+22 points \(5–95% over draws: \+20 to \+24; standard error 0\.4 points\); with independent shocks \+31/)).toBeTruthy();
});

test("of several questions the one about the selected node is open, and another can be chosen", async () => {
  const other = why([cause("greed", 0.1)], { name: "other", asks: "Why did they pay?", node: "parley" });
  shown([why([cause("greed", 0.3)]), other], "parley");
  expect(screen.getByRole("heading", { name: "Why did they pay?" })).toBeTruthy();
  await fireEvent.change(screen.getByLabelText("Question"), { target: { value: "0" } });
  expect(screen.getByRole("heading", { name: "Why did they fight?" })).toBeTruthy();
});

test("a cause taken apart leaves out who did not react, and says so", () => {
  const part = (through: string, label: string, mean: number) => ({ through, label, effect: reading(mean, { low: mean, high: mean }) });
  const apart = [{ cause: "greed", title: "greed had not been", total: reading(0.3), parts: [part("", "by itself", 0), part("aria", "Aria", 0.3), part("borland", "Borland", 0)], sentence: "Through Aria." }];
  shown([why([cause("greed", 0.3)], { apart })]);
  const rows = within(picture(/^Parts of the effect/));
  expect(rows.getAllByText("through Aria").length).toBe(1);
  expect(rows.queryByText("through Borland")).toBeNull();
  expect(screen.getByText(/No part of it runs through Borland/)).toBeTruthy();
});

test("text of the case stays text", () => {
  const hostile = `<img src=x onerror="alert(1)">`;
  shown([why([cause("x", 0.1, { title: hostile })], { asks: hostile, sentences: [hostile], label: hostile })]);
  expect(document.querySelector("img[src]")).toBeNull();
  expect(screen.getByRole("heading", { name: hostile })).toBeTruthy();
});
