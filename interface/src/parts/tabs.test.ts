import { expect, test } from "vitest";
import { foldedTabs } from "./tabs";

const TABS = [{ id: "answers", width: 80 }, { id: "review", width: 80, isLessUsed: true }, { id: "diagram", width: 80 }, { id: "ledger", width: 80, isLessUsed: true }, { id: "share", width: 80 }];
const folded = (room: number, open = "answers") => [...foldedTabs(TABS, room, 60, open)];

test("nothing is folded where all tabs have room", () => {
  expect(folded(400)).toEqual([]);
});

test("less used tabs are folded first, from the end, and the menu takes room itself", () => {
  expect(folded(399)).toEqual(["ledger"]);
  expect(folded(379)).toEqual(["ledger", "review"]);
  expect(folded(240)).toEqual(["ledger", "review", "share"]);
});

test("the open tab stays in the row, however narrow that is", () => {
  expect(folded(300, "ledger")).toEqual(["review", "share"]);
  expect(folded(10, "ledger")).toEqual(["review", "share", "diagram", "answers"]);
});
