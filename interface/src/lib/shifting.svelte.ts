// The answers while sliders are moved: reweighted in the page, or solved again by the workbench.
import type { Answer, Answers, Assumption, BottomLine, Draws, NodeForecast, WhatIf } from "./answers";
import { Columns, type Weights } from "./draws";
import { EachFrame } from "./each_frame";
import type { Shifts } from "./messages";
import { dot, effectiveDraws, factors, ranked, reweighted } from "./reweigh";
import { reweightedForecasts, reweightedWhatIf, reweightedWhatIfs } from "./reweighted_answers";
import type { Workbench } from "./workbench.svelte";

/** An effective sample size below this, or below this share of the original one, is too small. */
export const FEW_DRAWS = 100;
export const FEW_SHARE = 0.1;
/** After a pause this long (ms), the workbench solves again if too few draws match. */
const RESTED = 350;

interface Solved {
  draws: Draws | null | undefined;
  at: Shifts;
}

/** A bottom line, and whether it was solved with other sliders than those on the page. */
export interface ShownLine {
  line: BottomLine;
  isOld: boolean;
}

export interface Given {
  mean: number;
  low: number;
  high: number;
}

export class Shifting {
  /** The sliders of a page without a workbench; null until one is moved. */
  #own: Shifts | null = $state.raw(null);
  #moves = new EachFrame<number | null>((changes) => this.#apply(changes));
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly answers: () => Answers,
    private readonly bench?: Workbench,
  ) {}

  /** The score of every assumption that was moved; 0 is the median of its prior. */
  readonly shifts: Shifts = $derived.by(() => this.bench?.shifts ?? this.#own ?? this.solvedAt);
  readonly moved: string[] = $derived.by(() => Object.keys(this.shifts));

  /** The sliders with which the whole document was solved. */
  readonly solvedAt: Shifts = $derived.by(() => this.bench?.answers?.shifts ?? Object.fromEntries((this.answers().run?.sliders ?? []).map((one) => [one.parameter, one.score])));
  /** The sliders behind the shown answers; they differ from those on the page while answers to a new text are missing. */
  readonly target: Shifts = $derived.by(() => this.bench?.shownShifts ?? this.shifts);
  // What was solved last; what-ifs come a moment after the forecasts.
  readonly #asked: Solved = $derived.by(() => ({ draws: this.answers().draws, at: this.solvedAt }));
  readonly #solved: Solved = $derived.by(() => (this.bench?.quick ? { draws: this.bench.quick.draws, at: this.bench.quick.shifts } : this.#asked));
  readonly #solvedWhatIfs: Solved = $derived.by(() => (this.bench?.quick?.complete === false ? this.#asked : this.#solved));
  readonly #forecasts: NodeForecast[] = $derived.by(() => this.bench?.quick?.forecasts ?? this.answers().forecasts);
  readonly #whatIfs: WhatIf[] = $derived.by(() => (this.bench?.quick?.complete ? this.bench.quick.what_ifs : this.answers().what_ifs));

  /** The draws, where the document has them. */
  readonly columns: Columns | null = $derived.by(() => read(this.#solved.draws));
  readonly #whatIfColumns: Columns | null = $derived.by(() => (this.#solvedWhatIfs.draws === this.#solved.draws ? this.columns : read(this.#solvedWhatIfs.draws)));

  /** Whether the shown answers are reweighted, and not solved with these sliders. */
  readonly isReweighted: boolean = $derived.by(() => !same(this.target, this.#solved.at));
  /** What-ifs are still those that were solved before. */
  readonly whatIfsAreOld: boolean = $derived.by(() => this.bench?.quick?.complete === false);
  readonly #by: Weights | null = $derived.by(() => (this.isReweighted && this.columns ? factors(this.columns, this.target, this.#solved.at) : null));
  readonly #byWhatIfs: Weights | null = $derived.by(() => {
    const columns = this.#whatIfColumns;
    if (columns === this.columns) return this.#by;
    return columns && !same(this.target, this.#solvedWhatIfs.at) ? factors(columns, this.target, this.#solvedWhatIfs.at) : null;
  });
  readonly #weights: Weights | null = $derived.by(() => (this.#by && this.columns ? reweighted(this.columns.weights, this.#by) : null));

  readonly draws: number = $derived.by(() => this.bench?.quick?.certificate.draws ?? this.answers().certificate.draws);
  readonly #effectiveSolved: number = $derived.by(() => this.bench?.quick?.certificate.effective_draws ?? this.answers().certificate.effective_draws);
  /** Effective sample size of what is shown. */
  readonly effective: number = $derived.by(() => (this.#weights ? effectiveDraws(this.#weights) : this.#effectiveSolved));
  /** Whether too few draws match the sliders. */
  readonly low: boolean = $derived.by(() => this.isReweighted && (this.effective < FEW_DRAWS || this.effective < FEW_SHARE * this.#effectiveSolved));

  readonly forecasts: NodeForecast[] = $derived.by(() => (this.#by && this.columns ? reweightedForecasts(this.#forecasts, this.columns, this.#by, this.answers().vocabulary) : this.#forecasts));
  readonly whatIfs: WhatIf[] = $derived.by(() => (this.#byWhatIfs && this.#whatIfColumns ? reweightedWhatIfs(this.#whatIfs, this.#whatIfColumns, this.#byWhatIfs) : this.#whatIfs));

  /** The case's questions: in the newest sentences that there are. */
  readonly asked: Answer[] = $derived.by(() => {
    const newer = new Map(this.bench?.quick?.answers.map((one) => [one.name, one]));
    return this.answers().answers.map((one) => newer.get(one.name) ?? one);
  });

  /** The bottom lines: the newest that there are. */
  readonly lines: ShownLine[] = $derived.by(() => {
    const quick = this.bench?.quick;
    const key = (line: BottomLine) => `${line.kind} ${line.name}`;
    const newer = new Map(quick?.bottom_lines.map((line) => [key(line), line]));
    return (this.answers().bottom_lines ?? []).map((written) => {
      const line = newer.get(key(written));
      return { line: line ?? written, isOld: !same(this.target, line && quick ? quick.shifts : this.solvedAt) };
    });
  });

  /** Whether a custom what-if was solved for another case, or with other sliders than what can be reweighted. */
  isOld(found: { case_digest: string; shifts: Shifts }): boolean {
    const newest = this.bench?.quick ?? this.bench?.answers;
    return newest?.case_digest !== found.case_digest || !same(found.shifts, this.#solved.at);
  }

  /** A custom what-if, reweighted like everything else; unchanged if it was solved on other draws. */
  whatIf(solved: WhatIf, drawn: Parameters<typeof reweightedWhatIf>[1], at: Shifts): WhatIf {
    return this.#by && same(at, this.#solved.at) ? reweightedWhatIf(solved, drawn, this.#by) : solved;
  }

  /** The distribution of an assumption given the record and the sliders. */
  given(assumption: Assumption): Given {
    const drawn = this.columns?.assumptions.get(assumption.parameter);
    if (!drawn || !this.columns || (same(this.target, this.solvedAt) && !this.bench?.quick)) {
      return { mean: assumption.mean_given_record, low: assumption.low_given_record, high: assumption.high_given_record };
    }
    const weights = this.#weights ?? this.columns.weights;
    const [low, high] = ranked(drawn.order, (draw) => drawn.numbers[draw]!, weights, [0.05, 0.95]) as [number, number];
    return { mean: dot(drawn.numbers, weights), low, high };
  }

  /** Move a slider; null puts it back. Applied with the next frame, so that a burst costs one. */
  move(parameter: string, score: number | null): void {
    this.#moves.push(parameter, score);
  }

  /** Set these sliders, and reset all others. */
  set(shifts: Shifts): void {
    for (const parameter of this.moved) if (!(parameter in shifts)) this.move(parameter, null);
    for (const [parameter, score] of Object.entries(shifts)) this.move(parameter, score);
  }

  reset(): void {
    this.#moves.drop();
    clearTimeout(this.#timer);
    if (this.bench) this.bench.tell({ type: "reset", what: "shifts" });
    else this.#own = {};
  }

  #apply(changes: Record<string, number | null>): void {
    if (!this.bench) {
      const kept = Object.entries({ ...this.shifts, ...changes }).filter(([, score]) => score !== null);
      this.#own = Object.fromEntries(kept) as Shifts;
      return;
    }
    this.bench.shift(changes);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { if (this.low) this.bench?.solve(); }, RESTED);
  }
}

function read(draws: Draws | null | undefined): Columns | null {
  return draws ? new Columns(draws) : null;
}

export function same(one: Shifts, other: Shifts): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
