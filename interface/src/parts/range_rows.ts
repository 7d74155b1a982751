// What a chart of rows with ranges is made of.

export interface Lane {
  mean: number;
  /** 5–95% over draws. */
  range?: [number, number] | null;
  shape: "bar" | "dot" | "square";
  colour: string;
  /** The same number under another assumption, drawn as a diamond. */
  second?: number | null;
  /** Bounds of the number for any dependence between shocks, drawn as a dashed bracket. */
  bounds?: [number, number] | null;
  /** The number as it is written at the end of the lane, and its range. */
  says: string;
  between?: string;
  /** All of the above in words. */
  detail: string;
}

export interface RangeRow {
  label: string;
  lanes: Lane[];
  /** The row that sums up the others. */
  sum?: boolean;
}

export interface Key {
  shape: Lane["shape"] | "range" | "diamond" | "bounds";
  colour: string;
  label: string;
}
