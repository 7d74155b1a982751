import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import "../testing/browser";
import type { NodeForecast } from "../lib/answers";
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

test("a slider shows the pool at another weight, and how to keep it", async () => {
  const { container } = render(Within, { props: { workspace: new Workspace(sample()), part: BaseRate, props: { forecast: RATED } } });
  expect(container.textContent).toContain("For talk the case alone gives 53%.");
  expect(container.textContent).toContain("Weight 0.5: talk 60%");
  await fireEvent.input(screen.getByLabelText("Weight of the case for parley"), { target: { value: "2" } });
  expect(container.textContent).toContain("Weight 0.2: talk 66%");
  expect(container.textContent).toContain("weight: 0.2");
});

test("a node without base rates shows nothing", () => {
  const { container } = render(Within, { props: { workspace: new Workspace(sample()), part: BaseRate, props: { forecast: { ...RATED, pooling: "", base_rate: null } } } });
  expect(container.textContent.trim()).toBe("");
});
