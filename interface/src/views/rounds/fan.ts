// A repeated node over its rounds: what the fan shows, taken from the forecasts as they are shown now.
import type { NodeForecast, RoundPoint, RoundsFan } from "../../lib/answers";

export const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];

export interface Mark {
  label: string;
  date: string | null;
  node: string;
  observed: boolean;
  middle: number;
  /** From the outermost band inwards. */
  bands: [number, number][];
}

/** The numbers of one value of a repeated node: its chance in each round, and the range of it over draws. */
export function chances(fan: RoundsFan, value: number, forecast: (node: string) => NodeForecast | undefined): Mark[] {
  return fan.points.map((point) => {
    const now = forecast(point.node)?.values.find((one) => one.value === fan.values[value]);
    return {
      ...head(point),
      middle: now?.probability ?? point.probabilities[value] ?? 0,
      bands: [[now?.low ?? point.low[value] ?? 0, now?.high ?? point.high[value] ?? 0]],
    };
  });
}

/** What the case alone, or the base rate of a round alone, says in each round of one value (or, without one, of the expected number). */
export function beside(fan: RoundsFan, view: "inside" | "outside", value?: number): (number | null)[] {
  return fan.points.map((point) => (value === undefined ? point[`expected_${view}`] : point[view]?.[value]) ?? null);
}

/** Of a repeated number: the median and the bands that hold half and nine tenths of all chances. */
export function numbers(fan: RoundsFan, forecast: (node: string) => NodeForecast | undefined): Mark[] {
  return fan.points.map((point) => {
    const now = forecast(point.node);
    const [a, b, middle, c, d] = (now ? quantiles(now) : null) ?? point.quantiles;
    return { ...head(point), middle: middle ?? 0, bands: [[a ?? 0, d ?? 0], [b ?? 0, c ?? 0]] };
  });
}

/** What is expected of a number in each round, n/a left out. */
export function expected(fan: RoundsFan, forecast: (node: string) => NodeForecast | undefined): (number | null)[] {
  return fan.points.map((point) => {
    const there = forecast(point.node)?.values.filter((one) => typeof one.value === "number") ?? [];
    const mass = there.reduce((sum, one) => sum + one.probability, 0);
    if (mass <= 0) return point.expected;
    return there.reduce((sum, one) => sum + Number(one.value) * one.probability, 0) / mass;
  });
}

/** The numbers below which 5, 25, 50, 75 and 95% of all chances lie; as `rounds_compose.py` takes them. */
export function quantiles(forecast: NodeForecast): number[] | null {
  const there = forecast.values
    .filter((one) => typeof one.value === "number")
    .map((one) => [Number(one.value), one.probability] as const)
    .sort((a, b) => a[0] - b[0]);
  const mass = there.reduce((sum, one) => sum + one[1], 0);
  if (mass <= 0) return null;
  return SHARES.map((share) => {
    let so_far = 0;
    for (const [value, probability] of there) {
      so_far += probability;
      if (so_far >= share * mass - 1e-9) return value;
    }
    return there.at(-1)![0];
  });
}

const head = (point: RoundPoint) => ({ label: point.label, date: point.date, node: point.node, observed: point.observed });

/** Round numbers from low to high, about so many steps. */
export function ticks(low: number, high: number, steps: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / steps;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = size * ([1, 2, 2.5, 5].find((one) => one * size >= rough * (1 - 1e-9)) ?? 10);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(k * step + 0);
  return found;
}
