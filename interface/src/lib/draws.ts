// The document's draws, read into columns with one number per draw.
import type { DrawnChange, DrawnOutcome, Draws, WhatIf } from "./answers";
import { normalQuantile } from "./normal";
import { Prior } from "./prior";

export type Weights = Float64Array;
type Value = WhatIf["outcomes"][number]["values"][number]["value"];

const LARGEST = 65535;
/** Ranks are rounded, so a rank of 0 or 1 means half a step from the end of the prior, not the end itself. */
const EDGE = 0.5 / LARGEST;

/** Probabilities in every draw, in steps of 1/65535; a single number stands for all draws. */
export class Column {
  #order: Uint16Array | undefined;

  constructor(readonly steps: Uint16Array) {}

  get constant(): boolean {
    return this.steps.length === 1;
  }

  at(draw: number): number {
    return (this.constant ? this.steps[0]! : this.steps[draw]!) / LARGEST;
  }

  /** The draws in ascending order of probability. */
  get order(): Uint16Array {
    return (this.#order ??= sorted(this.steps));
  }
}

export interface Drawn {
  value: Value;
  given: Column;
  prior: Column;
}

export class DrawnSides {
  #change: Change | undefined;

  constructor(readonly value: Value, readonly before: Column, readonly after: Column) {}

  /** How much the probability changes, draw by draw. */
  get change(): Change {
    return (this.#change ??= changes(this.before, this.after));
  }
}

export interface Change {
  by: Float64Array;
  /** The draws in ascending order of change. */
  order: Uint32Array;
}

export interface Sides {
  values: DrawnSides[];
  before: Weights;
  after: Weights;
}

/** An assumption's number in every draw, as its normal score in its prior. */
export interface Scored {
  exact: boolean;
  prior: Prior;
  readonly scores: Float64Array;
  /** The number itself in every draw, and the draws in ascending order of it. */
  readonly numbers: Float64Array;
  readonly order: Uint16Array;
}

export class Columns {
  readonly count: number;
  readonly weights: Weights;
  readonly priorWeights: Weights;
  readonly assumptions: ReadonlyMap<string, Scored>;
  readonly forecasts: ReadonlyMap<string, Drawn[]>;
  readonly whatIfs: ReadonlyMap<string, ReadonlyMap<string, Sides>>;

  constructor(draws: Draws) {
    this.count = draws.count;
    this.weights = shares(draws.weights);
    this.priorWeights = shares(draws.prior_weights);
    this.assumptions = new Map(draws.assumptions.map((one) => [one.parameter, scored(one)]));
    this.forecasts = new Map(
      draws.forecasts.map(({ node, values }) => {
        const given = whole(values.map((one) => one.given_record));
        const prior = whole(values.map((one) => one.prior));
        return [node, values.map(({ value }, i) => ({ value, given: given[i]!, prior: prior[i]! }))];
      }),
    );
    this.whatIfs = new Map(draws.what_ifs.map((one) => [one.name, outcomes(one.outcomes, this.weights)]));
  }
}

/** The outcomes of one intervention, by node. */
export function outcomes(drawn: DrawnOutcome[], weights: Weights): Map<string, Sides> {
  const own = (text: string | null) => (text === null ? weights : shares(text));
  return new Map(
    drawn.map(({ node, values, weights_before, weights_after }) => {
      const side = (of: (one: DrawnChange) => string) => whole(values.map(of));
      const before = side((one) => one.before);
      const after = side((one) => one.after);
      const sides = values.map(({ value }, i) => new DrawnSides(value, before[i]!, after[i]!));
      return [node, { values: sides, before: own(weights_before), after: own(weights_after) }];
    }),
  );
}

/** Scores and numbers are computed on first use, because most assumptions are never moved. */
function scored({ exact, quantiles, scores: text }: Draws["assumptions"][number]): Scored {
  const prior = new Prior(quantiles);
  const ranks = once(() => steps(text));
  const scores = once(() => Float64Array.from(ranks(), (step) => normalQuantile(Math.min(Math.max(step / LARGEST, EDGE), 1 - EDGE))));
  const numbers = once(() => scores().map((score) => prior.at(score)));
  const order = once(() => sorted(ranks()));
  return {
    exact,
    prior,
    get scores() { return scores(); },
    get numbers() { return numbers(); },
    get order() { return order(); },
  };
}

function once<Thing>(make: () => Thing): () => Thing {
  let made: { thing: Thing } | undefined;
  return () => (made ??= { thing: make() }).thing;
}

function changes(before: Column, after: Column): Change {
  const length = Math.max(before.steps.length, after.steps.length);
  const by = Float64Array.from({ length }, (_, draw) => after.at(draw) - before.at(draw));
  return { by, order: Uint32Array.from(by.keys()).sort((a, b) => by[a]! - by[b]!) };
}

/** All columns of a node. A column may be left out: its probabilities are 1 minus the sum of the others. */
function whole(written: string[]): Column[] {
  const columns = written.map((text) => (text ? new Column(steps(text)) : null));
  const known = columns.filter((column) => column !== null);
  return columns.map((column) => column ?? rest(known));
}

function rest(columns: Column[]): Column {
  const length = Math.max(1, ...columns.map((one) => one.steps.length));
  const left = new Uint16Array(length).fill(LARGEST);
  for (const { constant, steps: taken } of columns) {
    for (let i = 0; i < length; i++) left[i] = Math.max(0, left[i]! - taken[constant ? 0 : i]!);
  }
  return new Column(left);
}

function bytes(text: string): DataView {
  const raw = atob(text);
  const view = new DataView(new ArrayBuffer(raw.length));
  for (let i = 0; i < raw.length; i++) view.setUint8(i, raw.charCodeAt(i));
  return view;
}

function steps(text: string): Uint16Array {
  const view = bytes(text);
  return Uint16Array.from({ length: view.byteLength / 2 }, (_, i) => view.getUint16(2 * i, true));
}

function shares(text: string): Weights {
  const view = bytes(text);
  return Float64Array.from({ length: view.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** The draws in ascending order of step. A radix sort takes microseconds; sorting all columns by comparison would take a frame. */
function sorted(numbers: Uint16Array): Uint16Array {
  let from = Uint16Array.from(numbers, (_, i) => i);
  for (const shift of [0, 8]) {
    const starts = new Uint32Array(257);
    for (const number of numbers) starts[((number >> shift) & 255) + 1]!++;
    for (let i = 0; i < 256; i++) starts[i + 1]! += starts[i]!;
    const to = new Uint16Array(numbers.length);
    for (const draw of from) to[starts[(numbers[draw]! >> shift) & 255]!++] = draw;
    from = to;
  }
  return from;
}
