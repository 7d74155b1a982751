// What a table is made of: one description serves the page, CSV and Excel.
export interface Column<Row> {
  id: string;
  title: string;
  /** What is written to files, and sorted by unless `sort` says otherwise. */
  value: (row: Row) => string | number | null;
  /** What the page shows; the value, if left out. */
  show?: (row: Row) => string;
  sort?: (row: Row) => string | number | null;
  /** Set right, in figures of one width. */
  number?: boolean;
}
