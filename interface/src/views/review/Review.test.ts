import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import "../../testing/browser";
import type { Answers } from "../../lib/answers";
import { Workspace } from "../../lib/workspace.svelte";
import Within from "../../testing/Within.svelte";
import { sample } from "../../testing/sample";
import Review from "./Review.svelte";
import view from "./view";

afterEach(cleanup);

const chance = (p: number) => ({ chance: p, bits: p > 0 ? -Math.log2(p) : null, brier: 0.2 });
const lesson = (about: string, label: string, before: string, after: string, change: string, stands_out = true) => ({ about, name: label, label, before: 1, after: 2, change: 3, stands_out, before_text: before, after_text: after, change_text: change });
const REVIEW = {
  document: "backchannel-review", open: ["relief"], joint_bits: 3, could_gain: 0.8, left_out: ["all were blind: the record cannot happen."],
  outcomes: [
    { node: "parley", title: "parley", value: "wait", label: "waits", date: "2031-06-02", source: "gazette", pooled: chance(0.25), inside: chance(0.1), outside: chance(0.4), taught: "It moves patience from 0.4 to 0.6.", teaches: [lesson("assumption", "patience", "0.4", "0.6", "+1.2 sd"), lesson("rival", "Aria were blind", "1.0", "1/20", "× 1/20"), lesson("assumption", "pride", "0.5", "0.5", "+0.0 sd", false)] },
    { node: "toll", title: "toll", value: "fall", label: "falls", date: "2031-06-03", source: "gazette", pooled: chance(0), inside: null, outside: null, taught: "", teaches: [] },
  ],
  teaches: [lesson("assumption", "patience", "0.4", "0.7", "+1.5 sd")],
  faults: [{ parameter: "p", label: "patience", bits: 0.5 }, { parameter: "q", label: "pride", bits: -0.1 }],
  rivals: [{ title: "Aria were blind", factor_before: 1, factor_after: 0.05 }],
  sentences: ["The assumption most at fault is patience."],
};
const shown = (review: unknown) => new Workspace(sample({ review } as unknown as Partial<Answers>));

test("each outcome says what every view gave it, and what is open is named", () => {
  const { container } = render(Within, { props: { workspace: shown(REVIEW), part: Review } });
  expect(container.querySelectorAll("figure li")).toHaveLength(2);
  expect(container.textContent).toContain("25%; case alone 10%; base rate 40% (2 bits)");
  expect(container.textContent).toContain("(infinite bits)");
  expect(screen.getByText("Still open: relief.")).toBeTruthy();
});

test("each outcome, then all together, has what it teaches: what stands out in a table, everything behind a fold", () => {
  const { container } = render(Within, { props: { workspace: shown(REVIEW), part: Review } });
  const titles = [...container.querySelectorAll("h4")];
  expect(titles.map((one) => one.textContent)).toEqual(["parley: waits", "toll: falls", "All outcomes together"]);
  expect(screen.getByText("It moves patience from 0.4 to 0.6.")).toBeTruthy();
  expect(screen.getByText("Nothing stands out.")).toBeTruthy();
  const tables = [...container.querySelectorAll("table")].map((table) => [...table.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent!.trim())));
  expect(tables).toContainEqual([["assumption", "patience", "0.4", "0.6", "+1.2 sd"], ["rival", "Aria were blind", "1.0", "1/20", "× 1/20"]]);
  expect(tables).toContainEqual([["assumption", "patience", "0.4", "0.6", "+1.2 sd", "yes"], ["rival", "Aria were blind", "1.0", "1/20", "× 1/20", "yes"], ["assumption", "pride", "0.5", "0.5", "+0.0 sd", "no"]]);
});

test("faults have a sign, and a rival has its Bayes factor before and after", () => {
  const { container } = render(Within, { props: { workspace: shown(REVIEW), part: Review } });
  expect(container.textContent).toContain("+0.50 bits");
  expect(container.textContent).toContain("−0.10 bits");
  expect(container.textContent).toContain("If Aria were blind: Bayes factor 1 by the record, 1/20 with the outcomes");
});

test("a case without known outcomes has no tab for a review", () => {
  expect([view.has(sample()), view.has(shown(REVIEW).answers)]).toEqual([false, true]);
});
