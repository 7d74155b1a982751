import { expect, test } from "vitest";
import { VIEWS } from "./registry";

test("every folder with a view has a tab, in a fixed order and with an address of its own", () => {
  expect(VIEWS.map((view) => view.title)).toEqual(["Answers", "Review", "Diagram", "What next", "What if", "Flows", "Scenarios", "Why", "Assumptions", "Worths", "Claims", "Rivals", "Deals", "Beliefs", "Source", "Something happened", "Ledger", "Case text", "Share"]);
  expect(new Set(VIEWS.map((view) => view.id)).size).toBe(VIEWS.length);
  expect(VIEWS.filter((view) => view.live).map((view) => view.id)).toEqual(["worth", "news", "ledger", "text"]);
});
