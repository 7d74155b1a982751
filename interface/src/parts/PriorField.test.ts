import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import PriorField from "./PriorField.svelte";
import ReasonField from "./ReasonField.svelte";

afterEach(cleanup);
const terms = [{ word: "unlikely", below: 0.45 }, { word: "likely", below: 0.8 }];

test("what is typed is read at once, and what cannot be read is told and not handed on", async () => {
  const onchange = vi.fn();
  render(PriorField, { label: "Chance of pressure", prior: "likely", probability: true, terms, onchange });
  const field = screen.getByLabelText("Chance of pressure");
  await fireEvent.input(field, { target: { value: "10% to 30%" } });
  expect(onchange).toHaveBeenLastCalledWith({ between: [0.1, 0.3] });
  expect(screen.getByText("Reads as: 90% between 0.1 and 0.3.")).toBeTruthy();
  await fireEvent.input(field, { target: { value: "perhaps" } });
  expect(onchange).toHaveBeenLastCalledWith(null);
  expect(screen.getByText(/or a word: unlikely, likely/)).toBeTruthy();
});

test("the ends of the hill move by keys, never cross, and write the interval into the field", async () => {
  const onchange = vi.fn();
  render(PriorField, { label: "Share", prior: { between: [0.2, 0.6] }, probability: true, terms, onchange });
  await fireEvent.keyDown(screen.getByRole("slider", { name: /Lower end/ }), { key: "ArrowRight" });
  expect(onchange).toHaveBeenLastCalledWith({ between: [0.21, 0.6] });
  expect((screen.getByLabelText("Share") as HTMLInputElement).value).toBe("0.21 to 0.6");
  for (let i = 0; i < 6; i++) await fireEvent.keyDown(screen.getByRole("slider", { name: /Lower end/ }), { key: "PageUp" });
  const [low, high] = onchange.mock.lastCall![0].between;
  expect(low).toBeLessThan(high);
});

test("a reason is a place in a source or a judgement, and nothing is handed on while it is missing", async () => {
  const onchange = vi.fn();
  render(ReasonField, { sources: [{ name: "wire", title: "Wire report" }], onchange });
  expect(onchange).toHaveBeenLastCalledWith(null);
  await fireEvent.input(screen.getByLabelText(/Whose judgement/), { target: { value: "  " } });
  expect(onchange).toHaveBeenLastCalledWith(null);
  await fireEvent.input(screen.getByLabelText(/Whose judgement/), { target: { value: "desk estimate" } });
  expect(onchange).toHaveBeenLastCalledWith({ judgement: "desk estimate" });
  await fireEvent.change(screen.getByLabelText("Rests on"), { target: { value: "wire" } });
  await fireEvent.input(screen.getByLabelText("Place in the source"), { target: { value: "¶ 4" } });
  expect(onchange).toHaveBeenLastCalledWith({ source: "wire", at: "¶ 4" });
});
