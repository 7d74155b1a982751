// Tables as an Excel workbook. Numbers stay numbers; text stays text and never becomes a formula.
//
// A workbook is a zip of a few XML files (ECMA-376, part 1); only what Excel, LibreOffice and openpyxl need is written.
import { strToU8, zipSync } from "fflate";
import { looksLikeFormula } from "./csv";
import type { Column } from "./table";

export interface Sheet {
  title: string;
  head: string[];
  rows: (string | number | null)[][];
}

/** A described table as a sheet. */
export function sheet<Row>(title: string, columns: Column<Row>[], rows: Row[]): Sheet {
  return { title, head: columns.map((one) => one.title), rows: rows.map((row) => columns.map((one) => one.value(row))) };
}

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
// The order of the formats in `STYLES`.
const PLAIN = 0;
const HEAD = 1;
const QUOTED = 2;

export function xlsx(sheets: Sheet[]): Uint8Array<ArrayBuffer> {
  const names = sheetNames(sheets.map((one) => one.title));
  const numbers = sheets.map((_, i) => i + 1);
  const files: Record<string, string> = {
    "[Content_Types].xml": `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>${numbers.map((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPE}.worksheet+xml"/>`).join("")}</Types>`,
    "_rels/.rels": relations([["officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml": `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${names.map((name, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations([...numbers.map((n): [string, string] => ["worksheet", `worksheets/sheet${n}.xml`]), ["styles", "styles.xml"]]),
    "xl/styles.xml": STYLES,
  };
  sheets.forEach((one, i) => {
    files[`xl/worksheets/sheet${i + 1}.xml`] = worksheet(one);
  });
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(DECLARED + text)])));
}

function relations(targets: [string, string][]): string {
  const each = targets.map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`);
  return `<Relationships xmlns="${PACKAGE}/relationships">${each.join("")}</Relationships>`;
}

const STYLES =
  `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>' +
  '<cellXfs count="3"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/><xf xfId="0" quotePrefix="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';

function worksheet({ head, rows }: Sheet): string {
  const widths = head.map((title, i) => Math.min(60, Math.max(8, title.length, ...rows.map((row) => String(row[i] ?? "").length)) + 2));
  const columns = widths.map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`).join("");
  const lines = [line(head, 1, HEAD), ...rows.map((row, i) => line(row, i + 2, PLAIN))].join("");
  const filter = rows.length && head.length ? `<autoFilter ref="A1:${letters(head.length)}${rows.length + 1}"/>` : "";
  return `<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>${columns ? `<cols>${columns}</cols>` : ""}<sheetData>${lines}</sheetData>${filter}</worksheet>`;
}

function line(values: (string | number | null)[], row: number, style: number): string {
  return `<row r="${row}">${values.map((value, i) => cell(value, `${letters(i + 1)}${row}`, style)).join("")}</row>`;
}

// The longest text that a cell may hold; Excel refuses files with longer ones as damaged.
const LONGEST = 32_767;

function cell(value: string | number | null, at: string, style: number): string {
  if (value === null || value === "" || (typeof value === "number" && !Number.isFinite(value))) return "";
  if (typeof value === "number") return `<c r="${at}"><v>${value}</v></c>`;
  // The quote prefix keeps it text even when somebody edits the cell.
  const kept = style === PLAIN && looksLikeFormula(value) ? QUOTED : style;
  const text = value.length > LONGEST ? `${value.slice(0, LONGEST - 1)}…` : value;
  return `<c r="${at}" s="${kept}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

/** 1 as A, 27 as AA. */
function letters(column: number): string {
  const rest = Math.floor((column - 1) / 26);
  return (rest ? letters(rest) : "") + String.fromCharCode(65 + ((column - 1) % 26));
}

function escaped(text: string): string {
  const allowed = text.replace(/\p{Surrogate}/gu, "\ufffd").replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
  return allowed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Names that Excel takes: at most 31 characters, none of []:*?/\, each used once (upper and lower case count as equal). */
export function sheetNames(titles: string[]): string[] {
  const taken = new Set<string>();
  return titles.map((title, i) => {
    const plain = title.replace(/[[\]:*?/\\\u0000-\u001f]+/g, " ").replace(/\s+/g, " ").trim().replace(/^'+|'+$/g, "") || `Table ${i + 1}`;
    let name = plain.slice(0, 31).trim();
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${plain.slice(0, 31 - String(n).length - 1).trim()} ${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
