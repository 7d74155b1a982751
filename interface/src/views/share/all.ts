// All tables of an answers document, for files: figures in full, one row for each thing that is said.
import type { Answers } from "../../lib/answers";
import { SOLVED_WITH } from "../../lib/table";
import { groundTables } from "./grounds";
import { outcomeTables } from "./outcomes";
import { table, type TableFile } from "./sheets";

/** The tables that have something in them; the first says which case, and how far to trust it. */
export function allTables(answers: Answers): TableFile[] {
  const tables = [about(answers), ...outcomeTables(answers), ...groundTables(answers)].filter((one) => one.rows.length > 0);
  const moved = answers.run.moved ?? "";
  // A table may be copied out of its workbook, so each row says with which sliders it was solved.
  return moved ? tables.map((one) => ({ ...one, head: [...one.head, SOLVED_WITH], rows: one.rows.map((row) => [...row, moved]) })) : tables;
}

function about({ case: head, run, certificate, warnings }: Answers): TableFile {
  const facts: [string, string | number][] = [
    ["case", head.name],
    ["title", head.title],
    ["question", head.question],
    ["as of", head.as_of],
    ["unit of worth", head.utility_unit],
    ["draws", run.draws],
    ["effective sample size", certificate.effective_draws],
    ["share of draws left out", certificate.left_out],
    ["seed", run.seed],
    ["certificate", certificate.line],
    ...Object.entries(run.versions).map(([name, version]): [string, string] => [`version of ${name}`, version]),
    ...warnings.map((warning): [string, string] => ["warning", warning]),
  ];
  return table("About", "a fact about the case and how it was run", facts, { what: ([what]) => what, value: ([, value]) => value });
}
