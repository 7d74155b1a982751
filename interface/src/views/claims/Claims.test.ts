import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import "../../testing/browser";
import type { ClaimFinding } from "../../lib/answers";
import { Workspace } from "../../lib/workspace.svelte";
import { claim } from "../../testing/findings";
import { sample } from "../../testing/sample";
import Within from "../../testing/Within.svelte";
import Claims from "./Claims.svelte";
import { gap, inTenths, ofChances, parts, shownDifference, side } from "./verdicts";

afterEach(cleanup);

function shown(claims: ClaimFinding[], more: Parameters<typeof sample>[0] = {}): Workspace {
  const workspace = new Workspace(sample({ claims, ...more }));
  render(Within, { props: { workspace, part: Claims } });
  return workspace;
}
const order = () => screen.getAllByRole("heading", { level: 4 }).map((heading) => heading.textContent);

test("a claim without two sides, or that could not be tested, is shown with its test", () => {
  const none = { left: null, right: null, difference: null, low: null, high: null };
  shown([claim("a", "open", { ...none, test: "best(reply) == 'fight'" }), claim("b", "open", { ...none, support: null, prior_support: null })]);
  expect(screen.getByText("best(reply) == 'fight'", { selector: "code" })).toBeTruthy();
  expect(screen.getByText(/No draw could be tested/)).toBeTruthy();
  expect(screen.queryByRole("img", { name: /^Difference/ })).toBeNull();
});

test("verdicts filter, with their counts, and together with a text", async () => {
  shown([claim("a", "borne out"), claim("b", "built in"), claim("c", "borne out", { says: "the toll was unjust" })]);
  await fireEvent.click(screen.getByRole("button", { name: /borne out\s*2/ }));
  expect(order()).toEqual(["claim a", "the toll was unjust"]);
  await fireEvent.input(screen.getByLabelText("Containing"), { target: { value: "TOLL was" } });
  expect(order()).toEqual(["the toll was unjust"]);
  await fireEvent.click(screen.getByRole("button", { name: "Show all" }));
  expect(order()).toHaveLength(3);
});

test("claims are sorted by verdict as the verdicts are ranked, not by letters, and the case's order comes back", async () => {
  shown([claim("a", "built in"), claim("b", "contradicted"), claim("c", "borne out")]);
  await fireEvent.change(screen.getByLabelText("Sorted by"), { target: { value: "verdict" } });
  expect(order()).toEqual(["claim c", "claim b", "claim a"]);
  await fireEvent.change(screen.getByLabelText("Sorted by"), { target: { value: "text" } });
  expect(order()).toEqual(["claim a", "claim b", "claim c"]);
});

test("what a claim hinges on leads to that assumption", async () => {
  const assumptions = [{ parameter: "war_cost" }] as never;
  const workspace = shown([claim("a", "open")], { assumptions });
  await fireEvent.click(screen.getByRole("link", { name: "price of fighting" }));
  expect([workspace.view, workspace.assumption]).toEqual(["assumptions", "war_cost"]);
});

test("worths are not written as chances, and small differences keep their tenth", () => {
  expect(ofChances(claim("a", "open", { test: "E(usa) > 0", left: 0.3, right: 0 }))).toBe(false);
  expect(ofChances(claim("a", "open", { left: 1.4 }))).toBe(false);
  expect([gap(0.007, true), gap(-0.123, true), gap(0.0001, true), gap(0.314, false)]).toEqual(["+0.7", "−12", "0", "+0.31"]);
});

test("a test is parted where it compares, not inside its brackets or quotes", () => {
  expect(parts("P(demand == 10, undo='a > (b') > P(demand == 10) + 0.05")).toEqual({ left: "P(demand == 10, undo='a > (b')", sign: ">", right: "P(demand == 10) + 0.05" });
  expect(parts("best(reply)")).toBeNull();
  expect(parts("0.1 < P(a == 1) <= 0.5")).toBeNull();
  expect(parts("P(a == 1) > 0.5 and P(b == 1) > 0.5")).toBeNull();
});

test("a source's address is a link only if it is one of the web, and hostile text is text", () => {
  const hostile = `<script>alert(1)</script>`;
  const source = (url: string) => ({ sources: [{ name: "inquiry", title: hostile, url, grade: "", grade_in_words: "" }] as never });
  shown([claim("a", "open", { says: hostile })], source("javascript:alert(1)"));
  expect(document.querySelector("script, a[href^=javascript]")).toBeNull();
  expect(order()).toEqual([hostile]);
  cleanup();
  shown([claim("a", "open")], source("https://example.org/x"));
  expect(screen.getByRole("link", { name: hostile }).getAttribute("rel")).toContain("noopener");
});

test("a claim with a change says which base rates its test carries, and another says nothing of them", () => {
  shown([claim("a", "open", { base_rates: "the test carries the base rate of “resolve”" }), claim("b", "open")]);
  expect(screen.getByText(/^Tested on the whole record\. The test carries the base rate of “resolve”\.$/)).toBeTruthy();
  expect(screen.getByText(/^Tested on the whole record\.$/)).toBeTruthy();
});

test("what a test may know of the record is told: all of it, what came before a day, or nothing", () => {
  shown([null, "2031-03-10", "0001-01-01"].map((day, i) => claim(String(i), "open", { record_before: day })));
  expect(screen.getByText(/Tested on the whole record/)).toBeTruthy();
  expect(screen.getByText(/recorded before 10 March 2031/)).toBeTruthy();
  expect(screen.getByText(/before anything was recorded/)).toBeTruthy();
});

test("the difference of two chances is that of the sides as they are written", () => {
  const claim = { left: 0.734, right: 0.306, difference: 0.428, test: "P(a == 'x') > P(b == 'x')" } as ClaimFinding;
  expect([side(claim.left!, true, inTenths(claim)), side(claim.right!, true, inTenths(claim)), gap(shownDifference(claim, 0.428), true)]).toEqual(["73%", "31%", "+42"]);
  const near = { ...claim, left: 0.34049, right: 0.3016, difference: 0.03889 };
  expect([side(near.left, true, inTenths(near)), side(near.right, true, inTenths(near)), gap(shownDifference(near, 0.03889), true)]).toEqual(["34.0%", "30.2%", "+3.8"]);
});
