import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import "../../testing/browser";
import type { Answers } from "../../lib/answers";
import type { Workbench } from "../../lib/workbench.svelte";
import { Workspace } from "../../lib/workspace.svelte";
import Within from "../../testing/Within.svelte";
import { sample } from "../../testing/sample";
import { isShown } from "../registry";
import Rivals from "./Rivals.svelte";
import { factor } from "./rows";
import view from "./view";

afterEach(cleanup);

const structure = (title: string, kind: string, chance: number, bayes_factor: number, stands_out = false) => ({
  name: kind === "case" ? "" : title, title, kind, log_marginal: -2, log_marginal_error: 0.1, bayes_factor, bayes_range: [bayes_factor / 2, bayes_factor * 2],
  evidence: kind === "case" ? "" : "positive evidence against it", weight: 0.5, distance: 0.2, stands_out, left_out: 0,
  values: [{ value: "talk", label: "talk", probability: chance, low: chance - 0.1, high: chance + 0.1 }, { value: "wait", label: "wait", probability: 1 - chance, low: 0, high: 1 }],
});
const RIVALS = {
  node: "parley", title: "parley", date: null, structures: [structure("the case as it is written", "case", 0.7, 1), structure("Aria were blind", "written", 0.4, 0.05, true)],
  over_structures: [{ value: "talk", label: "talk", probability: 0.55, low: 0.4, high: 0.7 }, { value: "wait", label: "wait", probability: 0.45, low: 0.3, high: 0.6 }], unchanged: ["nobody cared"], left_out: [{ title: "all were blind", reason: "the record cannot happen." }], not_tried: 12,
  sentences: ["The answer depends most on one structural assumption."], caption: { shows: "s", rests_on: "r", would_change: "w" },
};

test("the case, each rival and all together have a bar; the record's say stands beside it; what was left out has its reason", () => {
  const workspace = new Workspace(sample({ rivals: RIVALS } as unknown as Partial<Answers>));
  const { container } = render(Within, { props: { workspace, part: Rivals } });
  expect(container.querySelectorAll("figure li")).toHaveLength(3);
  const [own, rival, over] = [...container.querySelectorAll("figure li .says")].map((one) => one.textContent);
  expect(own).toBe("70% log marginal likelihood −2.00 ± 0.10; weight 50%");
  expect(rival).toBe("40% log marginal likelihood −2.00 ± 0.10; Bayes factor 1/20 (1/40 to 0.1), positive evidence against it; weight 50%");
  expect(over).toBe("55% 40–70% over structures");
  expect(container.textContent).toContain("answers differently, not told apart by the record");
  expect(screen.getByText("Left out: if all were blind. the record cannot happen.")).toBeTruthy();
  expect(screen.getByText("These rivals change nothing: nobody cared.")).toBeTruthy();
  expect(screen.getByText("12 more rivals were not tried.")).toBeTruthy();
});

test("the table ends with all structures by their weights, without a likelihood of their own", () => {
  const workspace = new Workspace(sample({ rivals: RIVALS } as unknown as Partial<Answers>));
  const { container } = render(Within, { props: { workspace, part: Rivals } });
  const rows = [...container.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent!.trim()));
  expect(rows[0]).toEqual(["the case as it is written", "−2.00", "0.10", "1", "", "", "", "50%", "70%", "30%"]);
  expect(rows[1]).toEqual(["Aria were blind", "−2.00", "0.10", "1/20", "1/40", "0.1", "positive evidence against it", "50%", "40%", "60%"]);
  expect(rows[2]).toEqual(["all structures, weighted", "", "", "", "", "", "", "", "55%", "45%"]);
});

test("Bayes factors are written as the terminal writes them", () => {
  expect([0, 0.0421, 3.27, 1234.4].map(factor)).toEqual(["0", "1/24", "3.3", "1,234"]);
});

test("a case without rivals has no tab for them in a report, and one in the workbench, where they can be asked for", () => {
  expect([view.has(sample()), view.has(sample({ rivals: RIVALS } as unknown as Partial<Answers>))]).toEqual([false, true]);
  expect([isShown(view, sample(), false), isShown(view, sample(), true)]).toEqual([false, true]);
});

/** A workbench that answers a request for rivals when the test says so. */
function asking(own: Partial<Answers> = {}, solved: unknown = null) {
  let answer: (message: unknown) => void = () => undefined;
  const ask = vi.fn(() => new Promise((resolve) => { answer = resolve; }));
  const bench = { link: { ask }, rivals: solved, rivalLines: [], isAnswered: true, caseDigest: "now", shifts: {} } as unknown as Workbench;
  const workspace = new Workspace(sample(own), bench);
  const shown = render(Within, { props: { workspace, part: Rivals } });
  return { ask, bench, container: shown.container, reply: (message: unknown) => answer(message) };
}

test("the engine's rivals are asked for with an outcome and a number, and a refusal is told", async () => {
  const { ask, reply } = asking();
  expect(screen.getByText(/The case file writes no rivals/)).toBeTruthy();
  await fireEvent.change(screen.getByLabelText("Rivals, at most"), { target: { value: "40" } });
  await fireEvent.click(screen.getByText("Solve rivals"));
  expect(ask).toHaveBeenCalledWith({ type: "rivals", node: "", most: 40 });
  expect(screen.getByRole("status").textContent).toContain("Solving: 0 of at most 40 rivals.");
  expect((screen.getByText("Solve rivals") as HTMLButtonElement).disabled).toBe(true);
  reply(Promise.reject(new Error("The case is still being solved.")));
  expect((await screen.findByRole("alert")).textContent).toBe("The case is still being solved.");
});

test("rivals that were asked for stand in place of those of the file, and those of an earlier text do not", () => {
  const message = { rivals: { ...RIVALS, sentences: ["Asked for."] }, shifts: {}, case_digest: "now" };
  const own = { rivals: { ...RIVALS, sentences: ["Of the file."] } } as unknown as Partial<Answers>;
  expect(asking(own, message).container.textContent).toContain("Asked for.");
  cleanup();
  const { container } = asking(own, { ...message, case_digest: "before" });
  expect(container.textContent).toContain("Of the file.");
  expect(container.textContent).toContain("The case has changed since rivals were solved.");
  cleanup();
  expect(asking(own, { ...message, shifts: { p: 1 } }).container.textContent).toContain("The sliders have moved since these rivals were solved.");
});
