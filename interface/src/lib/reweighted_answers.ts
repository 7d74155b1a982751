// Forecasts and what-ifs as they are with the draws reweighted; words and bounds included.
import type { NodeForecast, ValueForecast, Vocabulary, WhatIf } from "./answers";
import type { Columns, Drawn, Sides, Weights } from "./draws";
import { movedBounds, movedChance } from "./bounds";
import { estimativeWord } from "./format";
import { dot, histogram, mean, quantiles, ranked, reweighted } from "./reweigh";
import { reweightedFans } from "./reweighted_fans";

const LEVELS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
const ENDS = [0.05, 0.95];

/** Reweight the forecasts whose draws are known; the others stay as they are. */
export function reweightedForecasts(forecasts: NodeForecast[], columns: Columns, by: Weights, vocabulary: Vocabulary | null | undefined): NodeForecast[] {
  const weights = reweighted(columns.weights, by);
  const priorWeights = reweighted(columns.priorWeights, by);
  const leftOut = shareLeftOut(columns, by);
  return forecasts.map((forecast) => {
    const drawn = columns.forecasts.get(forecast.node);
    if (!drawn) return forecast;
    return { ...forecast, values: forecast.values.map((one, i) => reweightedValue(one, drawn[i]!, weights, priorWeights, leftOut, vocabulary)) };
  });
}

function reweightedValue(one: ValueForecast, drawn: Drawn, weights: Weights, priorWeights: Weights, leftOut: number, vocabulary: Vocabulary | null | undefined): ValueForecast {
  const probability = mean(drawn.given, weights);
  const levels = quantiles(drawn.given, weights, LEVELS);
  const kept = probability * (1 - leftOut);
  return {
    ...one,
    probability,
    low: levels[0]!,
    high: levels[18]!,
    bounds: [kept, kept + leftOut],
    word: estimativeWord(probability, vocabulary) || one.word,
    prior: mean(drawn.prior, priorWeights),
    quantiles: levels,
    histogram: histogram(drawn.given, weights),
  };
}

/** Share of the draws that did not converge: they have no weight, not even before the record. */
function shareLeftOut(columns: Columns, by: Weights): number {
  let [out, all] = [0, 0];
  columns.priorWeights.forEach((weight, i) => {
    all += by[i]!;
    if (weight === 0) out += by[i]!;
  });
  return all > 0 ? out / all : 0;
}

/** What-ifs whose draws are known, reweighted. */
export function reweightedWhatIfs(whatIfs: WhatIf[], columns: Columns, by: Weights): WhatIf[] {
  return whatIfs.map((whatIf) => reweightedWhatIf(whatIf, columns.whatIfs.get(whatIf.name), by));
}

export function reweightedWhatIf(whatIf: WhatIf, drawn: ReadonlyMap<string, Sides> | undefined, by: Weights): WhatIf {
  if (!drawn) return whatIf;
  return {
    ...whatIf,
    fans: reweightedFans(whatIf, drawn, by),
    outcomes: whatIf.outcomes.map((outcome) => {
      const sides = drawn.get(outcome.node);
      return sides ? { ...outcome, values: reweightedChanges(outcome.values, sides, by, whatIf.left_out) } : outcome;
    }),
  };
}

function reweightedChanges(values: WhatIf["outcomes"][number]["values"], sides: Sides, by: Weights, leftOut: number): typeof values {
  const before = reweighted(sides.before, by);
  const after = reweighted(sides.after, by);
  // A draw that one of the two sides left out cannot be compared.
  const paired = reweighted(sides.before.map((weight, i) => Math.min(weight, sides.after[i]!)), by);
  return values.map((one, i) => {
    const column = sides.values[i]!;
    const { by: change, order } = column.change;
    const always = change.length === 1;
    const [low, high] = always ? [change[0]!, change[0]!] : (ranked(order, (draw) => change[draw]!, paired, ENDS) as [number, number]);
    const [was, is] = [mean(column.before, before), mean(column.after, after)];
    const difference = always ? change[0]! : dot(change, paired);
    return {
      ...one,
      before: was,
      after: is,
      // It has no columns, so it cannot follow the sliders.
      after_independent: null,
      difference,
      // Without the change it is the forecast, which leaves out other draws.
      bounds_before: movedChance(was, one.bounds_before ? one.bounds_before[1] - one.bounds_before[0] : leftOut),
      bounds_after: movedChance(is, leftOut),
      bounds: movedBounds(one.bounds, difference, leftOut),
      low,
      high,
    };
  });
}
