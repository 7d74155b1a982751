// An axis of chances that is as short as possible, with marks at multiples of 0.1.

export interface Chances {
  low: number;
  high: number;
  ticks: number[];
  /** Where a chance lies, in percent of the axis. */
  at: (chance: number) => number;
}

export function chances(values: number[]): Chances {
  const low = Math.floor(Math.min(...values) * 10 + 1e-9) / 10;
  const high = Math.max(Math.ceil(Math.max(...values) * 10 - 1e-9) / 10, low + 0.1);
  const step = high - low > 0.55 ? 2 : 1;
  const ticks = Array.from({ length: Math.floor((high - low) * 10 / step + 1e-9) + 1 }, (_, i) => Math.round((low * 10 + i * step)) / 10);
  return { low, high, ticks, at: (chance) => ((Math.min(Math.max(chance, low), high) - low) / (high - low)) * 100 };
}
