// What a table is made of: one description serves the page, CSV and Excel.
export interface Column<Row> {
  id: string;
  title: string;
  /** What is written to files, and sorted by unless `sort` says otherwise. */
  value: (row: Row) => string | number | null;
  /** What the page shows; the value, if left out. */
  show?: (row: Row) => string;
  sort?: (row: Row) => string | number | null;
  /** Aligned right, in digits of equal width. */
  number?: boolean;
}

/** The heading of the column that says with which sliders a file was solved. */
export const SOLVED_WITH = "solved with";

/** The columns of a file: with the sliders with which its rows were solved, where there are any. */
export function withSettings<Row>(columns: Column<Row>[], solvedWith: string): Column<Row>[] {
  return solvedWith ? [...columns, { id: SOLVED_WITH, title: SOLVED_WITH, value: () => solvedWith }] : columns;
}
