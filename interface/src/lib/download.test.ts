import { strFromU8, unzipSync } from "fflate";
import { expect, test } from "vitest";
import { csv } from "./csv";
import { fileName } from "./download";
import type { Column } from "./table";
import { sheet, sheetNames, xlsx } from "./xlsx";

type Row = [string, number | null];
const COLUMNS: Column<Row>[] = [
  { id: "name", title: "Name", value: (row) => row[0] },
  { id: "share", title: "Share", value: (row) => row[1], number: true },
];
const ROWS: Row[] = [["=HYPERLINK(\"http://x\")", -0.25], ["a, \"b\"\nc", null], ["Żódź", 1e-7], [" led", Number.NaN]];

test("CSV is RFC 4180 with a mark for Excel, and text never becomes a formula", () => {
  expect(csv(COLUMNS, ROWS)).toBe(
    '\uFEFFName,Share\r\n"\'=HYPERLINK(""http://x"")",-0.25\r\n"a, ""b""\nc",\r\nŻódź,1e-7\r\n" led",\r\n',
  );
});

test.each(["=1", "+1", "-1", "@x", "\tx", "＝1"])("a text that begins like %j is no formula", (text) => {
  expect(csv(COLUMNS, [[text, null]]).split("\r\n")[1]).toContain(`'${text}`);
});

test("a workbook holds numbers as numbers, text as text, and no formula at all", () => {
  const files = unzipSync(xlsx([sheet("Shares", COLUMNS, ROWS)]));
  const written = strFromU8(files["xl/worksheets/sheet1.xml"]!);
  expect(new DOMParser().parseFromString(written, "text/xml").querySelector("parsererror")).toBeNull();
  expect(written).toContain('<c r="B2"><v>-0.25</v></c>');
  expect(written).toContain('<c r="A2" s="2" t="inlineStr"><is><t xml:space="preserve">=HYPERLINK(&quot;http://x&quot;)');
  expect(written).not.toContain("<f>");
  expect(written).not.toContain("NaN");
});

test("what XML cannot hold is left out, what Excel cannot hold is cut with a mark", () => {
  const files = unzipSync(xlsx([sheet("t", COLUMNS, [["a\u0000b\ud800<&>", 1], ["x".repeat(40_000), 2]])]));
  const written = strFromU8(files["xl/worksheets/sheet1.xml"]!);
  expect(new DOMParser().parseFromString(written, "text/xml").querySelector("parsererror")).toBeNull();
  expect(written).toContain("ab\ufffd&lt;&amp;&gt;");
  expect(written).toContain(`${"x".repeat(32_766)}…<`);
});

test("sheets have names that Excel takes, none twice", () => {
  const names = sheetNames(["A/B: what?", "a b what", "x".repeat(40), "X".repeat(40), "''", ""]);
  expect(names).toEqual(["A B what", "a b what 2", "x".repeat(31), `${"X".repeat(29)} 2`, "Table 5", "Table 6"]);
});

test("file names say what is inside and stand on every system", () => {
  expect(fileName(["belarus-2025", "What if", "Relief: EU / US?", "2025-07-15"], "csv")).toBe("belarus-2025_what-if_relief-eu-us_2025-07-15.csv");
  expect(fileName(["../..", "<script>"], "svg")).toBe("script.svg");
  expect(fileName(["", "…"], "png")).toBe("backchannel.png");
  expect(fileName(["Łódź é", "x".repeat(500)], "png").length).toBeLessThan(80);
});
