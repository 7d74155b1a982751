// Reweight the draws: what a slider does without solving.
//
// A slider at score s sets the distribution of an assumption's score to N(s, ½²) instead of N(0, 1), and multiplies each
// draw's weight by the ratio of the two. Draws that were solved with moved sliders are divided by that ratio first.
import type { Column, Columns, Weights } from "./draws";
import { logTilt } from "./prior";

export type Shifts = Readonly<Record<string, number>>;

/** The factor of each draw's weight, scaled so that the largest is 1. */
export function factors(columns: Columns, shifts: Shifts, solvedAt: Shifts = {}): Weights {
  const logs = new Float64Array(columns.count);
  tilt(logs, columns, shifts, 1, solvedAt);
  tilt(logs, columns, solvedAt, -1, shifts);
  let most = -Infinity;
  for (let i = 0; i < logs.length; i++) if (columns.weights[i]! > 0) most = Math.max(most, logs[i]!);
  return logs.map((log) => Math.exp(log - most));
}

function tilt(logs: Float64Array, columns: Columns, shifts: Shifts, sign: number, but: Shifts): void {
  for (const [parameter, score] of Object.entries(shifts)) {
    const scores = columns.assumptions.get(parameter)?.scores;
    if (!scores || but[parameter] === score) continue;
    for (let i = 0; i < logs.length; i++) logs[i]! += sign * logTilt(scores[i]!, score);
  }
}

/** Weights times factors, scaled to sum 1; all 0 if no weight is left. */
export function reweighted(weights: Weights, by: Weights): Weights {
  const found = weights.map((weight, i) => weight * by[i]!);
  const total = found.reduce((sum, weight) => sum + weight, 0);
  return total > 0 ? found.map((weight) => weight / total) : found;
}

/** The effective sample size. Source: Kish (1965), Survey Sampling. */
export function effectiveDraws(weights: Weights): number {
  let [sum, squares] = [0, 0];
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares > 0 ? (sum * sum) / squares : 0;
}

/** Mean over draws; `weights` sum to 1. */
export function mean(column: Column, weights: Weights): number {
  if (column.constant) return column.at(0);
  return dot(column.steps, weights) / 65535;
}

export function dot(values: ArrayLike<number>, weights: Weights): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * values[i]!;
  return sum;
}

/** Weighted quantiles, for shares in ascending order; defined as in `ensemble/weighted.py`. */
export function quantiles(column: Column, weights: Weights, at: readonly number[]): number[] {
  if (column.constant) return at.map(() => column.at(0));
  return ranked(column.order, (draw) => column.at(draw), weights, at);
}

/** Weighted quantiles of values whose order is known. */
export function ranked(order: ArrayLike<number>, value: (draw: number) => number, weights: Weights, at: readonly number[]): number[] {
  let total = 0;
  for (let i = 0; i < order.length; i++) total += weights[order[i]!]!;
  const found: number[] = [];
  let [below, last] = [0, order[order.length - 1]!];
  for (let i = 0; i < order.length && found.length < at.length; i++) {
    const draw = order[i]!;
    if (!(weights[draw]! > 0)) continue;
    last = draw;
    below += weights[draw]!;
    while (found.length < at.length && below >= at[found.length]! * total * (1 - 1e-12)) found.push(value(draw));
  }
  while (found.length < at.length) found.push(value(last));
  return found;
}

/** Share of the weight in each twentieth of 0–1. */
export function histogram(column: Column, weights: Weights): number[] {
  const found = new Array<number>(20).fill(0);
  if (column.constant) found[twentieth(column.steps[0]!)] = 1;
  else for (let i = 0; i < weights.length; i++) found[twentieth(column.steps[i]!)]! += weights[i]!;
  return found;
}

const twentieth = (step: number) => Math.min(19, Math.floor((step * 20) / 65535));
