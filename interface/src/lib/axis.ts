// A linear axis: positions of numbers and of marks.

export interface Axis {
  low: number;
  high: number;
  ticks: number[];
}

/** An axis that includes all numbers and 0, with about `count` round marks; its ends are marks unless `ends` are given. */
export function axis(numbers: Iterable<number>, { count = 5, ends }: { count?: number; ends?: [number, number] } = {}): Axis {
  let [low, high] = ends ?? [0, 0];
  if (!ends) {
    for (const number of numbers) {
      if (number < low) low = number;
      if (number > high) high = number;
    }
    if (low === high) high = low + 1;
  }
  const step = roundStep((high - low) / count);
  const first = ends ? Math.ceil(low / step - 1e-9) : Math.floor(low / step + 1e-9);
  const last = ends ? Math.floor(high / step + 1e-9) : Math.ceil(high / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return ends ? { low, high, ticks } : { low: first * step, high: last * step, ticks };
}

/** The position of a number, in pixels; a number beyond the axis is at its end. */
export function place(on: Axis, from: number, to: number): (value: number) => number {
  return (value) => {
    const share = (value - on.low) / (on.high - on.low);
    return from + Math.min(1, Math.max(0, share)) * (to - from);
  };
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  for (const factor of [1, 2, 2.5, 5]) if (factor * power >= rough - 1e-12) return factor * power;
  return 10 * power;
}
