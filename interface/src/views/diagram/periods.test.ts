import { expect, test } from "vitest";
import { periodsOf } from "./periods";

const columns = (...dates: (string | null)[]) => dates.map((date) => ({ x: 0, width: 118, label: "", first: date, last: date }));
const shown = (...dates: (string | null)[]) => periodsOf(columns(...dates)).map(({ label, columns: inside }) => `${label}: ${inside.join(",")}`);

test("periods are the finest that stay few", () => {
  expect(shown("2031-01-05", "2031-01-09", "2031-03-01")).toEqual(["5 Jan 2031: 0", "9 Jan 2031: 1", "1 Mar 2031: 2"]);
  const months = Array.from({ length: 14 }, (_, i) => `2031-0${1 + Math.floor(i / 2)}-${10 + i}`);
  expect(shown(...months)).toEqual(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul"].map((month, i) => `${month} 2031: ${2 * i},${2 * i + 1}`));
  const quarters = Array.from({ length: 24 }, (_, i) => `20${30 + Math.floor(i / 12)}-${String(1 + (i % 12)).padStart(2, "0")}-01`);
  expect(shown(...quarters)[0]).toBe("Jan–Mar 2030: 0,1,2");
  expect(shown(...quarters)).toHaveLength(8);
  expect(shown("2030-05", "2031-06", "2032-07")).toEqual(["May 2030: 0", "Jun 2031: 1", "Jul 2032: 2"]);
});

test("a column without a day counts with the next, and after the last with that", () => {
  expect(shown(null, "2031-01-05", "2031-02-05", null)).toEqual(["5 Jan 2031: 0,1", "5 Feb 2031: 2,3"]);
});

test("one day, or none, is nothing to fold", () => {
  expect([shown("2031-01-05"), shown(null, null), shown()]).toEqual([[], [], []]);
});
