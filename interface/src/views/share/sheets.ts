// How the tables of a document are described: a title, what a row is, and a cell for each column's heading.
import type { Sheet } from "../../lib/xlsx";

export type Cell = string | number | null;

export interface TableFile extends Sheet {
  /** What one row is. */
  says: string;
}

export function table<Row>(title: string, says: string, rows: Row[], columns: Record<string, (row: Row) => Cell | boolean | undefined>): TableFile {
  const cells = Object.values(columns);
  return { title, says, head: Object.keys(columns), rows: rows.map((row) => cells.map((cell) => plain(cell(row)))) };
}

function plain(value: Cell | boolean | undefined): Cell {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value ?? null;
}

/** Pairs are written as `[low, high]` in the document; their type is not known to the schema's translator. */
export const end = (pair: readonly unknown[] | null | undefined, at: 0 | 1): number | null => (typeof pair?.[at] === "number" ? pair[at] : null);
