import { cleanup, render, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import type { Column } from "../lib/table";
import DataTable from "./DataTable.svelte";

afterEach(cleanup);

interface Row {
  name: string;
  size: number | null;
}
const columns: Column<Row>[] = [
  { id: "name", title: "Name", value: (row) => row.name },
  { id: "size", title: "Size", value: (row) => row.size, number: true },
];
const rows: Row[] = Array.from({ length: 120 }, (_, i) => ({ name: `row ${i}`, size: i }));
const names = () => screen.getAllByRole("rowheader").map((cell) => cell.textContent?.trim());

test("a long table shows one page, and turns to what is chosen elsewhere", async () => {
  const props = { caption: "Rows", columns, rows, perPage: 50, chosen: (row: Row) => row.size === 0 };
  const { rerender } = render(DataTable<Row>, { props });
  expect(names()).toHaveLength(50);
  await rerender({ ...props, chosen: (row: Row) => row.size === 107 });
  expect(names()).toContain("row 107");
  expect(screen.getByText("Rows 101–120 of 120")).toBeTruthy();
});

test("a page that filtering took away is not left open", async () => {
  const props = { caption: "Rows", columns, rows, perPage: 50 };
  const { rerender } = render(DataTable<Row>, { props });
  screen.getByRole("button", { name: "Later rows" }).click();
  await rerender({ ...props, rows: rows.slice(0, 3) });
  expect(names()).toEqual(["row 0", "row 1", "row 2"]);
});

test("what has no number comes last when sorted from the largest", async () => {
  render(DataTable<Row>, { props: { caption: "Rows", columns, rows: [{ name: "none", size: null }, ...rows.slice(0, 2)] } });
  within(screen.getByRole("columnheader", { name: "Size" })).getByRole("button").click();
  await Promise.resolve();
  expect(names()).toEqual(["row 1", "row 0", "none"]);
});
