import { cleanup, fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import "../../testing/browser";
import { Workspace } from "../../lib/workspace.svelte";
import Within from "../../testing/Within.svelte";
import { movable } from "../../testing/movable";
import { forecast, sample, value } from "../../testing/sample";
import Forecasts from "./Forecasts.svelte";

afterEach(cleanup);

function shown(answers = sample()): Workspace {
  const workspace = new Workspace(answers);
  render(Within, { props: { workspace, part: Forecasts } });
  return workspace;
}
const card = (title: string) => within(screen.getByRole("list", { name: `Forecast of ${title}` }).closest("article")!);

test("a forecast says chance, range, word, and what it was before the record", () => {
  shown();
  const first = card("parley").getAllByRole("listitem")[0]!;
  expect(first.textContent?.replace(/\s+/g, " ").replaceAll(" ,", ",").trim()).toBe("talk 70%, range over draws 35–85%, likely, before: 50%");
  expect(card("parley").getByText(/envoys meet before 1 June/)).toBeTruthy();
  expect(card("parley").getByText("asked about")).toBeTruthy();
});

test("what is recorded is folded away, and says by whom and how far it is trusted", async () => {
  shown();
  expect(screen.queryByRole("list", { name: "Forecast of demand" })).toBeNull();
  await fireEvent.click(screen.getByRole("button", { name: "demand" }));
  expect(card("demand").getByText(/Recorded:/).textContent).toContain("30, by Blockade inquiry; taken as 90% reliable.");
});

test("titles of the case are text, whatever they hold", () => {
  const title = `<img src=x onerror="alert(1)"><b>bold</b>`;
  shown(sample({ forecasts: [forecast("parley", [value("talk", 1, { label: title })], { title, date: "2031-05-01" })] }));
  expect(document.querySelector("img, b")).toBeNull();
  expect(screen.getAllByText(title).length).toBeGreaterThan(0);
});

test("a case without dates, timeline or indicators is shown all the same", () => {
  shown(sample({ forecasts: [forecast("shape", [value("round", 1), value("square", 0)])], timeline: [] }));
  expect(card("shape").getByText("no date")).toBeTruthy();
  expect(screen.queryByText("Timeline")).toBeNull();
});

test("the draws are drawn on demand, with words for those who do not see them", async () => {
  shown();
  expect(screen.queryByRole("img", { name: /talk over the draws/ })).toBeNull();
  const details = card("parley").getByText(/Over the draws/).closest("details")!;
  details.open = true;
  await fireEvent(details, new Event("toggle"));
  expect(card("parley").getByRole("img", { name: "talk over the draws: half of the draws say 70% to 70%" })).toBeTruthy();
});

test("marks for before the record can be put out", async () => {
  shown();
  await fireEvent.click(screen.getByRole("button", { name: "Before the record", pressed: true }));
  expect(screen.queryByText(/before: 50%/)).toBeNull();
});

test("sliders move the bars, and what was solved stays beside them", async () => {
  const workspace = shown(movable());
  const chance = () => card("The outcome").getAllByRole("listitem")[0]!.textContent?.replace(/\s+/g, " ");
  expect(chance()).not.toContain("as solved");
  workspace.shifting.move("height", 1);
  await vi.waitFor(() => expect(chance()).toContain("yes 60%"));
  expect(chance()).toContain("as solved: 50%");
  workspace.shifting.reset();
  await vi.waitFor(() => expect(chance()).toContain("yes 50%"));
  expect(chance()).not.toContain("as solved");
});
