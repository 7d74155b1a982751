// What moves an answer: only what stands out from chance, and words where nothing does.
import { render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import Influences from "./Influences.svelte";

test("nothing that stands out is said, with the level of chance", () => {
  render(Influences, { props: { influences: [], lead: "Moves it most:", level: 0.13 } });
  expect(screen.getByText(/no single assumption stands out from chance/).title).toContain("13%");
});

test("where nothing can be said of single assumptions, nothing is", () => {
  const { container } = render(Influences, { props: { influences: [], lead: "Moves it most:", level: null } });
  expect(container.textContent.trim()).toBe("");
});
