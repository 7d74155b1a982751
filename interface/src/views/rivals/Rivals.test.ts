import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import "../../testing/browser";
import type { Answers } from "../../lib/answers";
import { Workspace } from "../../lib/workspace.svelte";
import Within from "../../testing/Within.svelte";
import { sample } from "../../testing/sample";
import Rivals from "./Rivals.svelte";
import view from "./view";

afterEach(cleanup);

const structure = (title: string, kind: string, chance: number, bayes_factor: number, stands_out = false) => ({
  name: kind === "case" ? "" : title, title, kind, log_marginal: -2, log_marginal_error: 0.1, bayes_factor, bayes_range: [bayes_factor / 2, bayes_factor * 2],
  evidence: kind === "case" ? "" : "positive evidence against it", weight: 0.5, distance: 0.2, stands_out, left_out: 0,
  values: [{ value: "talk", label: "talk", probability: chance, low: chance - 0.1, high: chance + 0.1 }, { value: "wait", label: "wait", probability: 1 - chance, low: 0, high: 1 }],
});
const RIVALS = {
  node: "parley", title: "parley", date: null, structures: [structure("the case as it is written", "case", 0.7, 1), structure("Aria were blind", "written", 0.4, 0.05, true)],
  over_structures: [], unchanged: ["nobody cared"], left_out: [{ title: "all were blind", reason: "the record cannot happen." }], not_tried: 0,
  sentences: ["The answer hangs most on one structural assumption."], caption: { shows: "s", rests_on: "r", would_change: "w" },
};

test("the case and each rival have a bar, the Bayes factor and its words; what was left out has its reason", () => {
  const workspace = new Workspace(sample({ rivals: RIVALS } as unknown as Partial<Answers>));
  const { container } = render(Within, { props: { workspace, part: Rivals } });
  expect(container.querySelectorAll("figure li")).toHaveLength(2);
  expect(container.textContent).toContain("Bayes factor 1/20, positive evidence against it");
  expect(container.textContent).toContain("answers differently, not told apart by the record");
  expect(screen.getByText("Left out: if all were blind. the record cannot happen.")).toBeTruthy();
  expect(screen.getByText("These rivals change nothing: nobody cared.")).toBeTruthy();
});

test("a case without rivals has no tab for them", () => {
  expect([view.has(sample()), view.has(sample({ rivals: RIVALS } as unknown as Partial<Answers>))]).toEqual([false, true]);
});
