import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import "../../testing/browser";
import { scenarioOf } from "../../lib/scenario";
import { named } from "../../lib/file_names";
import type { Workbench } from "../../lib/workbench.svelte";
import { Workspace } from "../../lib/workspace.svelte";
import { scenarios } from "../../testing/scenarios";
import { sample } from "../../testing/sample";
import Within from "../../testing/Within.svelte";
import { AS_IT_IS, rowsOf } from "./matrix";
import Scenarios from "./Scenarios.svelte";

afterEach(cleanup);
const answers = () => sample({ scenarios: scenarios() });

function shown(bench?: Partial<Workbench>) {
  const workspace = new Workspace(answers());
  if (bench) Object.assign(workspace, { bench });
  render(Within, { props: { workspace, part: Scenarios } });
  return workspace;
}

test("a cell has the chance, the difference with its sign, and its range", () => {
  shown();
  const row = within(screen.getByRole("region", { name: "Scenarios: a warm winter, a cold winter" })).getByRole("rowheader", { name: "Reply: yes" }).closest("tr")!;
  const cells = within(row).getAllByRole("cell").map((one) => one.textContent!.replace(/\s+/g, " ").trim());
  expect(cells).toEqual(["50%", "80% +30 +20 to +40", "50% 0 −10 to +10"]);
});

test("the column of the case has the numbers and the name of one case: as it is, if any scenario is compared with it", () => {
  const view = scenarios();
  const [warm, cold] = [view.scenarios[0]!, view.scenarios[1]!];
  warm.before_label = "without base rates";
  warm.outcomes[0]!.values[0]!.before = 0.4;
  expect(rowsOf(view, AS_IT_IS)[0]!.before).toBe(0.5);
  cold.before_label = "without base rates";
  expect(rowsOf(view, AS_IT_IS)[0]!.before).toBe(0.4);
  render(Within, { props: { workspace: new Workspace(sample({ scenarios: view })), part: Scenarios } });
  expect(within(screen.getByRole("region", { name: "Scenarios: a warm winter, a cold winter" })).getByRole("columnheader", { name: "without base rates" })).toBeTruthy();
});

test("scenarios are compared with each other in both directions", () => {
  const view = scenarios();
  const cold = rowsOf(view, "warm")[0]!;
  expect([cold.before, cold.cells[0]!.difference]).toEqual([0.8, -0.295]);
  const warm = rowsOf(view, "cold")[0]!.cells[0]!;
  expect(warm.difference).toBeCloseTo(0.295);
  expect([warm.low, warm.high]).toEqual([expect.closeTo(0.275), expect.closeTo(0.345)]);
  expect(rowsOf(view, AS_IT_IS)[0]!.most).toBeCloseTo(0.3);
});

test("the sliders of a scenario are set where they stand in it", async () => {
  const workspace = shown();
  const set = vi.spyOn(workspace.shifting, "set").mockImplementation(() => undefined);
  await fireEvent.click(screen.getByRole("button", { name: /Set this slider/ }));
  expect(set).toHaveBeenCalledWith({ height: 1.5 });
});

test("sliders that stand as in a scenario without changes have its name, and so has a file", () => {
  expect(scenarioOf(answers(), { height: 1.5 })).toBe("a warm winter");
  expect(scenarioOf(answers(), { height: 1.4 })).toBe("");
  expect(scenarioOf(answers(), {})).toBe("");
  const sentence = "Scenario “a warm winter”: solved with 1 slider moved, not as the case is written: height of the bar 12.";
  expect(named(new Workspace(answers()), "forecasts", "csv", sentence, "")).toBe("canal_forecasts_2031-04-02_a-warm-winter.csv");
});

test("sliders and what-ifs are saved under a name, after the difference was shown", async () => {
  const ask = vi.fn(async () => ({ type: "named_scenario", difference: "+  hard_winter: {sliders: {height: 12}}", operations: [{ kind: "set", path: ["scenarios", "hard_winter"], value: 1 }], what: "Name the scenario hard_winter" }));
  const change = vi.fn(async () => ({}));
  const whatIf = { key: "a", do: { parley: "talk" }, announced: true, outcomes: ["reply"] };
  shown({ link: { ask }, change, shifts: { height: 1 }, whatIfs: [whatIf] } as unknown as Workbench);
  await fireEvent.input(screen.getByLabelText("Title"), { target: { value: "Hard Winter" } });
  await fireEvent.submit(screen.getByRole("button", { name: "Show the difference" }).closest("form")!);
  await screen.findByRole("region", { name: "Difference" });
  expect(ask).toHaveBeenCalledWith({ type: "name_scenario", name: "hard_winter", title: "Hard Winter", about: "", sliders: true, what_ifs: ["a"] });
  expect(change).not.toHaveBeenCalled();
  await fireEvent.click(screen.getByRole("button", { name: "Put it into the case" }));
  await waitFor(() => expect(change).toHaveBeenCalledWith([{ kind: "set", path: ["scenarios", "hard_winter"], value: 1 }], "Name the scenario hard_winter"));
});

test("a case without scenarios says how they are made", () => {
  const workspace = new Workspace(sample());
  Object.assign(workspace, { bench: { shifts: {}, whatIfs: [] } });
  render(Within, { props: { workspace, part: Scenarios } });
  expect(screen.getByText("The case has no scenarios yet.")).toBeTruthy();
  expect(screen.getByText(/Move sliders under/)).toBeTruthy();
});
