import { cleanup, fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import "../../testing/browser";
import type { DealView } from "../../lib/answers";
import { Workspace } from "../../lib/workspace.svelte";
import { deal, pack } from "../../testing/findings";
import { sample } from "../../testing/sample";
import Within from "../../testing/Within.svelte";
import Deals from "./Deals.svelte";

afterEach(cleanup);

function shown(...deals: DealView[]): void {
  render(Within, { props: { workspace: new Workspace(sample({ deals })), part: Deals } });
}
const looked = () => screen.getByRole("heading", { name: /^Package \d+$/ }).textContent;
const points = () => within(screen.getByRole("group", { name: /^Packages by/ })).getAllByRole("button");
const table = (name: RegExp) => within(screen.getByRole("region", { name }));

test("a deal of one package is shown: a point, a row, its steps", () => {
  shown(deal([pack(1, { aria: 0.1, borland: -0.2 })]));
  expect(points()).toHaveLength(1);
  expect(looked()).toBe("Package 1");
  expect(screen.getByText("Does not suit BORLAND.")).toBeTruthy();
  expect(screen.getByRole("img", { name: /Package 1 step by step.*Aria, by 1 May 2031: “Tolls: 10”: kept with 60%/ })).toBeTruthy();
});

test("a row chooses the package in the picture, arrows in the picture choose it in the table", async () => {
  shown(deal([pack(1, { aria: 0.1, borland: 0.2 }), pack(2, { aria: 0.3, borland: 0.1 })]));
  await fireEvent.click(table(/^Packages of/).getByRole("button", { name: "2" }));
  expect(looked()).toBe("Package 2");
  expect(points().map((one) => one.getAttribute("aria-pressed"))).toEqual(["false", "true"]);
  await fireEvent.keyDown(points()[1]!, { key: "ArrowLeft" });
  expect(looked()).toBe("Package 1");
  expect(table(/^Packages of/).getByRole("button", { name: "1" }).getAttribute("aria-pressed")).toBe("true");
});

test("a click takes the nearest point, and of two that lie on one another the next", async () => {
  shown(deal([pack(1, { aria: 0.1, borland: 0.2 }), pack(2, { aria: 0.3, borland: 0.1 }), pack(3, { aria: 0.3, borland: 0.1 })]));
  const circle = points()[1]!.querySelector("circle")!;
  const at = { clientX: Number(circle.getAttribute("cx")) + 3, clientY: Number(circle.getAttribute("cy")) };
  const picture = screen.getByRole("group", { name: /^Packages by/ });
  await fireEvent.click(picture, at);
  expect(looked()).toBe("Package 2");
  await fireEvent.click(picture, at);
  expect(looked()).toBe("Package 3");
});

test("three parties have three gains and a choice of axes", async () => {
  shown(deal([pack(1, { aria: 0.1, borland: 0.2, crown: -0.3 })]));
  await fireEvent.change(screen.getByLabelText("Up"), { target: { value: "crown" } });
  expect(screen.getByRole("group", { name: "Packages by gain of ARIA over no deal and gain of CROWN over no deal" })).toBeTruthy();
  expect(points()[0]!.getAttribute("aria-label")).toContain("gain of CROWN over no deal −0.3");
  expect(screen.getByRole("columnheader", { name: "Gain of CROWN" })).toBeTruthy();
});

test("as kept changes the picture and the table alike", async () => {
  shown(deal([pack(1, { aria: 0.4, borland: 0.6 })]));
  expect(table(/^Packages of/).getByText("+0.4")).toBeTruthy();
  await fireEvent.click(within(screen.getByRole("group", { name: "Gains" })).getByRole("button", { name: "As kept" }));
  expect(table(/^Packages of/).getByText("+0.2")).toBeTruthy();
  expect(points()[0]!.getAttribute("aria-label")).toContain("ARIA over no deal 0.2");
});

test("many packages are turned in pages, and only those that stand out are buttons", () => {
  const packages = Array.from({ length: 3000 }, (_, i) => pack(i + 1, { aria: Math.sin(i), borland: -1 }, { pareto: i === 7 }));
  shown(deal(packages, { chosen: 2000 }));
  expect(screen.getByText("Rows 1,976–2,000 of 3,000")).toBeTruthy();
  expect(points()).toHaveLength(2);
  expect(looked()).toBe("Package 2000");
});

test("a promise that never comes up, and one that is not enough however large, are told", () => {
  const step = { ...pack(1, { aria: 1, borland: 1 }).steps[0]!, able: null, chance: null, low: null, high: null, best_reply: null };
  const enforcement = [{ kind: "penalty", players: ["aria"], label: "a penalty on Aria", size: null, most: 5.98, chances: [0.5] }];
  shown(deal([pack(1, { aria: 1, borland: 1 }, { steps: [step], possible: 0.5 })], { enforcement }));
  expect(screen.getByRole("img", { name: /“Tolls: 10”: never comes up/ })).toBeTruthy();
  expect(screen.getByText("not even 5.98")).toBeTruthy();
  expect(screen.getByText(/With probability 50% some promise cannot be kept/)).toBeTruthy();
});

test("another deal starts from its own chosen package, and its text is text", async () => {
  const hostile = `<b onclick="alert(1)">swap</b>`;
  const other = [pack(2, { port: 1, guild: 2 }), pack(5, { port: 2, guild: 1 }, { label: hostile })];
  shown(deal([pack(1, { aria: 1, borland: 1 }), pack(2, { aria: 2, borland: 2 })]), deal(other, { name: "other", title: hostile, alternatives: [], chosen: 5 }));
  await fireEvent.click(table(/^Packages of/).getByRole("button", { name: "2" }));
  await fireEvent.change(screen.getByLabelText("Deal"), { target: { value: "other" } });
  expect(looked()).toBe("Package 5");
  expect(document.querySelector("b[onclick]")).toBeNull();
  expect(screen.getByRole("heading", { name: hostile })).toBeTruthy();
});

test("who guarantees a deal without being a party has a gain, and can be an axis", async () => {
  shown(deal([pack(1, { aria: 1, borland: 1, crown: -0.3 })], { parties: { aria: "Aria", borland: "Borland" } }));
  await fireEvent.change(screen.getByLabelText("Across"), { target: { value: "crown" } });
  expect(points()[0]!.getAttribute("aria-label")).toContain("gain of CROWN over no deal −0.3");
  expect(screen.queryByRole("columnheader", { name: "Gain of CROWN" })).toBeNull();
});

test("a step that promises two things at once shows both", () => {
  const step = pack(1, { aria: 1 }).steps[0]!;
  shown(deal([pack(1, { aria: 1, borland: 1 }, { steps: [step, { ...step, node: "parley", title: "Talks", label: "talk" }] })]));
  expect(screen.getAllByText("Tolls: 10", { selector: "strong" })).toHaveLength(1);
  expect(screen.getAllByText("Talks: talk", { selector: "strong" })).toHaveLength(1);
});
