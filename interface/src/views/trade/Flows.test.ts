import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import "../../testing/browser";
import type { Answers } from "../../lib/answers";
import { Workspace } from "../../lib/workspace.svelte";
import Within from "../../testing/Within.svelte";
import { sample } from "../../testing/sample";
import Flows from "./Flows.svelte";
import { GAS, ROUNDS, SHUT, SHUT_ROUNDS } from "../../testing/gas";
import view from "./view";

afterEach(cleanup);

const shown = (more: Record<string, unknown>) => render(Within, { props: { workspace: new Workspace(sample(more as unknown as Partial<Answers>)), part: Flows } });

test("flows stand before and after the change, and the table has prices as multiples", () => {
  const { container } = shown({ goods: [GAS], flows: [SHUT] });
  const pictures = [...container.querySelectorAll("svg[role=img]")].map((one) => one.getAttribute("aria-label"));
  expect(pictures).toEqual([
    "As it is: by the north road 10.0, through Borland and its mountains 5.0, by ship 20.0 barrels",
    "Changed: by the north road 0.0 (−10.0), through Borland and its mountains 9.0 (+4.0), by ship 20.0 (0.0) barrels",
  ]);
  const row = [...container.querySelectorAll("tbody tr")].find((one) => one.textContent?.includes("price: the city"));
  expect([...row!.querySelectorAll("td")].slice(0, 3).map((one) => one.textContent)).toEqual(["2.00 times", "3.00 times", "+50%"]);
});

test("without a change there is one picture, and a price without limit says so", async () => {
  const { container } = shown({ goods: [GAS], flows: [SHUT] });
  await fireEvent.change(screen.getByLabelText("If"), { target: { value: "" } });
  expect(container.querySelectorAll("svg[role=img]")).toHaveLength(1);
  expect(container.textContent).toContain("no limit");
});

test("a good that follows the rounds can be looked at in each, and over all of them", async () => {
  const { container } = shown({ goods: [ROUNDS], flows: [SHUT_ROUNDS] });
  expect(container.querySelector("h3")?.textContent).toContain("June 2031");
  await fireEvent.change(screen.getByLabelText("In"), { target: { value: "1" } });
  expect(container.querySelector("h3")?.textContent).toContain("May 2031");
  const fans = [...container.querySelectorAll("svg[role=img]")].map((one) => one.getAttribute("aria-label") ?? "");
  expect(fans.filter((one) => one.startsWith("Arrives: "))).toHaveLength(2);
  // The port's price has no limit, so it has no line.
  expect(fans.filter((one) => one.startsWith("Price: "))).toHaveLength(1);
});

test("the round that a change moves most is shown first", () => {
  const [may, june] = SHUT_ROUNDS.goods;
  const still = { ...june!, routes: june!.routes.map((one) => ({ ...one, after: one.before, difference: 0 })) };
  const { container } = shown({ goods: [ROUNDS], flows: [{ ...SHUT_ROUNDS, goods: [may, still] }] });
  expect(container.querySelector("h3")?.textContent).toContain("May 2031");
});

test("a case without goods has no tab for them", () => {
  expect([view.has(sample()), view.has(sample({ goods: [GAS] } as unknown as Partial<Answers>))]).toEqual([false, true]);
});
