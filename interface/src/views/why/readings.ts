// Readings of a counterfactual in words, in rows of a picture, and in columns of a table.
import type { CausePart, Reading } from "../../lib/answers";
import { withLeftOut } from "../../lib/bounds";
import { percent, points, significant, span } from "../../lib/format";
import type { Key, Lane } from "../../parts/range_rows";
import type { Column } from "../../lib/table";

export const undone = (title: string): string => `if ${title}`;

const says = { share: points, chance: percent };
type Kind = keyof typeof says;

/** +3 to +43, or 4–51%. */
export function between(reading: Reading, kind: Kind): string {
  if (kind === "share") return `${points(reading.low)} to ${points(reading.high)}`;
  return span(reading.low, reading.high);
}

const inPoints = (low: number, high: number) => `${points(low)} to ${points(high)}`;

/** A reading with all its uncertainty. */
export function inWords(reading: Reading, kind: Kind): string {
  const unit = kind === "share" ? " points" : "";
  return (
    `${says[kind](reading.mean)}${unit} (5–95% over draws: ${between(reading, kind)}${withLeftOut(reading.bounds, kind === "share" ? inPoints : span)}; standard error ${significant(100 * reading.error, 2)} points); ` +
    `with independent shocks ${says[kind](reading.independent)}${unit}`
  );
}

export function shareLane(reading: Reading, colour: string): Lane {
  return {
    mean: reading.mean,
    range: [reading.low, reading.high],
    shape: "bar",
    colour,
    second: reading.independent,
    says: points(reading.mean),
    between: between(reading, "share"),
    detail: inWords(reading, "share"),
  };
}

export function chanceLane(name: string, reading: Reading, shape: "dot" | "square", bounds: [number, number] | null = null): Lane {
  const limits = bounds ? `; sharp bounds ${percent(bounds[0])} to ${percent(bounds[1])} for any shocks` : "";
  return {
    mean: reading.mean,
    range: [reading.low, reading.high],
    shape,
    colour: shape === "dot" ? "var(--accent)" : "var(--down)",
    second: reading.independent,
    bounds,
    says: percent(reading.mean),
    between: between(reading, "chance"),
    detail: `${name} ${inWords(reading, "chance")}${limits}`,
  };
}

export const BLUR: Key[] = [
  { shape: "range", colour: "var(--ink)", label: "5–95% over draws" },
  { shape: "diamond", colour: "var(--ink)", label: "with independent shocks" },
];

const per100 = (value: number) => Number((100 * value).toFixed(2));

function columnsOf<Row>(id: string, title: string, reading: (row: Row) => Reading | null): Column<Row>[] {
  const column = (part: Exclude<keyof Reading, "bounds">, name: string): Column<Row> => ({
    id: `${id}_${part}`,
    title: name,
    number: true,
    value: (row) => {
      const found = reading(row);
      return found && per100(found[part]);
    },
  });
  return [
    column("mean", title),
    column("low", `${title}: 5%`),
    column("high", `${title}: 95%`),
    column("error", `${title}: standard error`),
    column("independent", `${title}: independent shocks`),
    column("independent_low", `${title}: independent, 5%`),
    column("independent_high", `${title}: independent, 95%`),
  ];
}

export interface CauseRow {
  title: string;
  share: Reading;
  part: CausePart | null;
}

export const CAUSE_COLUMNS: Column<CauseRow>[] = [
  { id: "cause", title: "Cause undone", value: (row) => row.title },
  ...columnsOf<CauseRow>("share", "Share (points)", (row) => row.share),
  ...columnsOf<CauseRow>("necessity", "Necessity (%)", (row) => row.part?.necessity ?? null),
  ...columnsOf<CauseRow>("sufficiency", "Sufficiency (%)", (row) => row.part?.sufficiency ?? null),
  { id: "bound_low", title: "Necessity at least (%)", number: true, value: (row) => (row.part?.bounds ? per100(row.part.bounds[0]) : null) },
  { id: "bound_high", title: "Necessity at most (%)", number: true, value: (row) => (row.part?.bounds ? per100(row.part.bounds[1]) : null) },
];

export interface PartRow {
  label: string;
  effect: Reading;
}

export const PART_COLUMNS: Column<PartRow>[] = [
  { id: "through", title: "Through", value: (row) => row.label },
  ...columnsOf<PartRow>("effect", "Part (points)", (row) => row.effect),
];
