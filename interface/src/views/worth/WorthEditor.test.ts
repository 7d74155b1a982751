import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import "../../testing/browser";
import { interestsOf, nodesOf, playersOf } from "../../lib/entries";
import SwingWeights from "./SwingWeights.svelte";
import WorthEditor from "./WorthEditor.svelte";

afterEach(cleanup);

const CONTENT = {
  players: { home: { name: "the home side", weights: { hawks: 2 } } },
  sources: { wire: { title: "Wire report" } },
  nodes: { release: { title: "The release", chance: true, domain: ["all", "none"] } },
  interests: {
    hawks: { player: "home", about: "the hawks", worth: { of: "release", ranks: ["none", "all"] } },
    relief: { player: "home", about: "relief", worth: "2 * (release == 'all')", why: { source: "wire" } },
  },
};

function opened(name: string) {
  const bench = {
    content: CONTENT,
    preview: vi.fn(async () => ({ type: "previewed", id: 1, difference: "+x", consequences: [], problems: [] }) as never),
    change: vi.fn(async () => ({ type: "changed", id: 1, difference: "" }) as never),
  };
  const [player] = playersOf(CONTENT);
  const interest = interestsOf(CONTENT).find((one) => one.name === name)!;
  render(WorthEditor, { bench, interest, player: player!, nodes: nodesOf(CONTENT), unit: "the swap" });
  return bench;
}
const button = () => screen.getByRole("button", { name: "Enter the worth" }) as HTMLButtonElement;

test("an order replaces an expression with a new reason, and gets a weight where its player has weights", async () => {
  const bench = opened("relief");
  expect((screen.getByLabelText(/as an expression/) as HTMLTextAreaElement).value).toBe("2 * (release == 'all')");
  await fireEvent.click(screen.getByLabelText(/An order/));
  expect(screen.getByText(/stays until you enter this/).textContent).toContain("2 * (release == 'all')");
  await fireEvent.click(screen.getByRole("button", { name: "none: better" }));
  expect(button().disabled).toBe(true);
  await fireEvent.input(screen.getByLabelText(/Whose judgement/), { target: { value: "mine" } });
  await waitFor(() => expect(button().disabled).toBe(false), { timeout: 3000 });
  await fireEvent.click(button());
  expect(bench.change).toHaveBeenCalledWith(
    [
      { kind: "set", path: ["interests", "relief", "worth"], value: { of: "release", ranks: ["none", "all"] } },
      { kind: "set", path: ["interests", "relief", "why"], value: { judgement: "mine" } },
      { kind: "set", path: ["players", "home", "weights", "relief"], value: 1 },
    ],
    "Change the worth of relief",
  );
});

test("an order that becomes a table takes its weight with it", async () => {
  const bench = opened("hawks");
  await fireEvent.click(screen.getByLabelText(/A table/));
  for (const [label, mark] of [["all", "0.25"], ["none", "1"]]) {
    const row = screen.getByRole("group", { name: `Worth of ${label}` });
    await fireEvent.click([...row.querySelectorAll("button")].find((one) => one.textContent?.trim() === mark)!);
  }
  await waitFor(() => expect(button().disabled).toBe(false), { timeout: 3000 });
  await fireEvent.click(button());
  expect(bench.change).toHaveBeenCalledWith(
    [
      { kind: "set", path: ["interests", "hawks", "worth"], value: { table: "release", all: 0.25, none: 1 } },
      { kind: "remove", path: ["players", "home", "weights"] },
    ],
    "Change the worth of the hawks",
  );
});

test("weights are written for every order of a player, as numbers", async () => {
  const bench = { preview: vi.fn(async () => ({ difference: "+x", consequences: [], problems: [] }) as never), change: vi.fn(async () => ({}) as never) };
  const interests = interestsOf(CONTENT).map((interest) => ({ ...interest, worth: { of: "release", ranks: ["all", "none"] } }));
  render(SwingWeights, { bench, player: playersOf(CONTENT)[0]!, interests });
  await fireEvent.input(screen.getByLabelText("relief"), { target: { value: "3" } });
  expect(screen.getByText("60%")).toBeTruthy();
  const enter = screen.getByRole("button", { name: "Enter the weights" }) as HTMLButtonElement;
  await waitFor(() => expect(enter.disabled).toBe(false), { timeout: 3000 });
  await fireEvent.click(enter);
  expect(bench.change).toHaveBeenCalledWith([{ kind: "set", path: ["players", "home", "weights"], value: { hawks: 2, relief: 3 } }], "Change the weights of the home side");
});
