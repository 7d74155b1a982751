// Tables as CSV: RFC 4180, in UTF-8 with a byte-order mark, so that Excel reads every letter correctly.
import type { Column } from "./table";

const MARK = "\uFEFF";
// Spreadsheets read text that begins like this as a formula, which can send data away (=HYPERLINK(...)); the full-width forms too.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Whether a spreadsheet would read this text as a formula. */
export const looksLikeFormula = (text: string): boolean => FORMULA.test(text);

export function csv<Row>(columns: Column<Row>[], rows: Row[]): string {
  const lines = [columns.map((one) => cell(one.title)), ...rows.map((row) => columns.map((one) => cell(one.value(row))))];
  return MARK + lines.map((line) => line.join(",") + "\r\n").join("");
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const text = looksLikeFormula(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
