import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import "../testing/browser";
import type { NodeForecast } from "../lib/answers";
import type { PreviewedMessage } from "../lib/messages";
import { Workspace } from "../lib/workspace.svelte";
import { sample } from "../testing/sample";
import Within from "../testing/Within.svelte";
import BaseRate from "./BaseRate.svelte";

afterEach(cleanup);

const weights = (from: number, to: number) => Array.from({ length: 11 }, (_, i) => from + ((to - from) * i) / 10);
const RATED = {
  node: "parley", title: "parley", pooling: "For talk the case alone gives 53%.",
  base_rate: { of: "blockades since 2001", total: 12, weight: 0.5, has_a_say: true, sources: [] },
  values: [{ value: "talk", label: "talk", probability: 0.6, by_weight: weights(0.7, 0.5) }],
} as unknown as NodeForecast;
const ENTRIES = [{ node: "reply", weight: 0.2 }, { node: "parley" }];
const PREVIEWED = { type: "previewed", id: 1, difference: "+weight: 0.2", consequences: [], problems: [] } as unknown as PreviewedMessage;

function shown(forecast: Partial<NodeForecast> = {}, bench?: Record<string, unknown>) {
  const workspace = new Workspace(sample());
  if (bench) Object.assign(workspace, { bench });
  return render(Within, { props: { workspace, part: BaseRate, props: { forecast: { ...RATED, ...forecast } } } }).container;
}
const bench = (more: Record<string, unknown> = {}) => ({
  content: { base_rates: ENTRIES }, standing: "current", preview: vi.fn(async () => PREVIEWED), change: vi.fn(async () => ({})), ...more,
});
const slide = (to: number) => fireEvent.input(screen.getByLabelText("Weight of the case for parley"), { target: { value: String(to) } });
const button = () => screen.queryByRole<HTMLButtonElement>("button", { name: /^Enter this weight/ });
const enabled = () => waitFor(() => expect(button()?.disabled).toBe(false), { timeout: 3000 });

test("in a report the slider shows the pool at another weight, says that it shows no more, and enters nothing", async () => {
  const page = shown();
  expect(page.textContent).toContain("For talk the case alone gives 53%.");
  expect(page.textContent).toContain("Weight 0.5: talk 60%");
  expect(page.textContent).not.toContain("This shows one node only");
  await slide(2);
  expect(page.textContent).toContain("Weight 0.2: talk 66%");
  expect(page.textContent).toContain("This shows one node only. Write weight: 0.2 in the case");
  expect(button()).toBeNull();
});

test("in the workbench another weight is entered into the entry of the node, and nothing where it is the same", async () => {
  const made = bench();
  const page = shown({}, made);
  expect(button()).toBeNull();
  await slide(2);
  await enabled();
  expect(page.textContent).not.toContain("This shows one node only");
  await slide(5);
  expect(button()).toBeNull();
  await slide(2);
  await enabled();
  await fireEvent.click(button()!);
  expect(made.change).toHaveBeenCalledExactlyOnceWith([{ kind: "set", path: ["base_rates", 1, "weight"], value: 0.2 }], "Change the weight of the base rate of parley");
  // The button goes once the text has the weight; the keyboard stays with the slider.
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Weight of the case for parley")));
});

test("a weight that the text has and that is not solved yet is the case's weight, and said to be", async () => {
  const page = shown({}, bench({ content: { base_rates: [{ node: "parley", weight: 0.25 }] } }));
  expect(page.textContent).toContain("Weight 0.25: talk not solved yet");
  expect(page.textContent).toContain("The case has this weight now");
  expect(button()).toBeNull();
  await slide(3);
  expect(page.textContent).toContain("Weight 0.3: talk 64%");
  expect(page.textContent).not.toContain("The case has this weight now");
  await enabled();
});

test("one base rate for several rounds is said to change for all of them", async () => {
  const page = shown({ node: "parley@2" }, bench({ content: { base_rates: [{ node: "reply" }, { node: "parley@1" }, { node: "parley@2..3" }] } }));
  await slide(2);
  expect(page.textContent).toContain("The case has one base rate for parley@2..3");
});

test("why a weight cannot be entered is said beside the slider", async () => {
  const refusal = "The text cannot be read. Correct line 3 first.";
  const page = shown({}, bench({ preview: vi.fn(async () => { throw new Error(refusal); }) }));
  await slide(2);
  await waitFor(() => expect(screen.getByRole("alert").textContent).toBe(refusal), { timeout: 3000 });
  expect(page.querySelector("details")!.contains(screen.getByRole("alert"))).toBe(true);
});

test("problems that the text has are named before a weight is entered", async () => {
  const problems = [{ message: "parameters: nobody knows 'war_csot'" }];
  shown({}, bench({ standing: "invalid", preview: vi.fn(async () => ({ ...PREVIEWED, problems })) }));
  await slide(2);
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("war_csot"), { timeout: 3000 });
  expect(button()!.textContent).toBe("Enter this weight anyway");
});

test("nothing can be entered while the text is checked, or where it has lost the base rate", async () => {
  const checking = bench({ standing: "checking" });
  const page = shown({}, checking);
  await slide(2);
  expect(button()!.disabled).toBe(true);
  expect(page.textContent).toContain("The text is being checked.");
  cleanup();
  const lost = bench({ content: { base_rates: [ENTRIES[0]] } });
  const other = shown({}, lost);
  await slide(2);
  expect(other.textContent).toContain("The text has no base rate of this node any more.");
  await new Promise((done) => setTimeout(done, 400));
  expect(button()!.disabled).toBe(true);
  expect(checking.preview).not.toHaveBeenCalled();
  expect(lost.preview).not.toHaveBeenCalled();
});

test("a node without base rates shows nothing", () => {
  expect(shown({ pooling: "", base_rate: null }).textContent.trim()).toBe("");
});
