// A prior from its quantiles: the number at a score, the score of a number, and a small picture of the density.
import { normalQuantile } from "./normal";

/** Half of a 90% interval, in standard deviations. */
const Z_90 = normalQuantile(0.95);
/** Standard deviation of the scores with a slider set; the prior's is 1. */
export const SPREAD = 0.5;

/** The normal scores at which a prior is given: those of 0.5%, 1%, 2% ... 99%, 99.5%. */
export const SCORES: number[] = [0.005, ...Array.from({ length: 99 }, (_, i) => (i + 1) / 100), 0.995].map(normalQuantile);
const MIDDLE = 50;

interface Scale {
  to: (number: number) => number;
  from: (on: number) => number;
}

const PLAIN: Scale = { to: (number) => number, from: (on) => on };
const LOG: Scale = { to: Math.log, from: Math.exp };
const LOGIT: Scale = { to: (number) => Math.log(number / (1 - number)), from: (on) => 1 / (1 + Math.exp(-on)) };

export interface Belief {
  middle: number;
  low: number;
  high: number;
}

export class Prior {
  /** The scale on which the number is nearly linear in its score; beyond the quantiles it is extrapolated on this scale. */
  readonly #scale: Scale;
  readonly #on: number[];

  constructor(readonly quantiles: number[]) {
    const inside = (low: number, high: number) => quantiles[0]! > low && quantiles[quantiles.length - 1]! < high;
    const scales = [PLAIN, ...(inside(0, Infinity) ? [LOG] : []), ...(inside(0, 1) ? [LOGIT] : [])];
    this.#scale = scales.reduce((best, one) => (bend(quantiles, one) < bend(quantiles, best) - 1e-9 ? one : best));
    this.#on = quantiles.map(this.#scale.to);
  }

  get low(): number {
    return this.quantiles[0]!;
  }

  get high(): number {
    return this.quantiles[this.quantiles.length - 1]!;
  }

  /** The number at a score. */
  at(score: number): number {
    return this.#scale.from(along(SCORES, this.#on, score));
  }

  /** The score of a number; an end of the slider if it is beyond it. */
  score(number: number): number {
    const inside = Math.min(Math.max(number, this.low), this.high);
    return along(this.#on, SCORES, this.#scale.to(inside));
  }

  /** The distribution with the slider at a score: its median and 90% interval. */
  believed(score: number): Belief {
    return { middle: this.at(score), low: this.at(score - SPREAD * Z_90), high: this.at(score + SPREAD * Z_90) };
  }

  /** Density between the quantiles, scaled to a maximum of 1, over 0–1 from the lowest to the highest; with the slider at `score` if it is given. */
  density(axis: Axis, score?: number): { from: number; to: number; height: number }[] {
    const bars = SCORES.slice(1).map((above, i) => {
      const from = axis.share(this.quantiles[i]!);
      const to = axis.share(this.quantiles[i + 1]!);
      const mass = i === 0 || i === 99 ? 0.005 : 0.01;
      const tilt = score === undefined ? 1 : Math.exp(logTilt((above + SCORES[i]!) / 2, score));
      return { from, to, height: (mass * tilt) / Math.max(to - from, 1e-4) };
    });
    return bars;
  }
}

/** How much more likely a score is with the slider than in the prior: log of N(z; score, ½²) / N(z; 0, 1). */
export function logTilt(z: number, score: number): number {
  const away = (z - score) / SPREAD;
  return 0.5 * z * z - 0.5 * away * away - Math.log(SPREAD);
}

/** The position of a number between a prior's ends, on a logarithmic scale if the prior spans orders of magnitude. */
export class Axis {
  readonly #scale: Scale;

  constructor(readonly low: number, readonly high: number, spansOrders: boolean) {
    this.#scale = spansOrders ? LOG : PLAIN;
  }

  static of(prior: Prior): Axis {
    return new Axis(prior.low, prior.high, prior.low > 0 && prior.at(Z_90) > 25 * prior.at(-Z_90));
  }

  share(number: number): number {
    const [low, high] = [this.#scale.to(this.low), this.#scale.to(this.high)];
    return high > low ? Math.min(Math.max((this.#scale.to(Math.max(number, this.low)) - low) / (high - low), 0), 1) : 0.5;
  }

  number(share: number): number {
    const [low, high] = [this.#scale.to(this.low), this.#scale.to(this.high)];
    return this.#scale.from(low + share * (high - low));
  }
}

/** How far a prior is from linear in the score on a scale; 0 is linear. */
function bend(quantiles: number[], scale: Scale): number {
  const [low, middle, high] = [5, MIDDLE, 95].map((i) => scale.to(quantiles[i]!)) as [number, number, number];
  return high > low ? Math.abs(low + high - 2 * middle) / (high - low) : 0;
}

/** Linear interpolation between points; beyond the ends the last segment is continued. */
function along(xs: number[], ys: number[], x: number): number {
  let [below, above] = [0, xs.length - 1];
  while (above - below > 1) {
    const half = (above + below) >> 1;
    if (xs[half]! <= x) below = half;
    else above = half;
  }
  const width = xs[above]! - xs[below]!;
  return width > 0 ? ys[below]! + ((x - xs[below]!) / width) * (ys[above]! - ys[below]!) : ys[below]!;
}
