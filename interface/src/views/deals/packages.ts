// Packages of a deal: their gains, their marks, and where they lie on a picture of any two measures.
import type { DealGain, DealPackage, DealSpread, DealView } from "../../lib/answers";
import { withLeftOut, type Bounds } from "../../lib/bounds";
import { change, percent, significant, span } from "../../lib/format";

/** Two readings of a deal: every promise is kept if it can be, or as far as its maker would keep it. */
export type Reading = "on_paper" | "as_kept";

/** What an axis may show: a player's gain, or the chance that all is kept. */
export const KEPT = "chance kept";

export interface Measure {
  id: string;
  says: string;
  title: string;
  of: (pack: DealPackage, reading: Reading) => { mean: number; low: number; high: number } | null;
  tick: (value: number) => string;
  ends?: [number, number];
}

export const gainOf = (pack: DealPackage, player: string): DealGain | undefined => pack.gains.find((gain) => gain.player === player);

/** The parties first, then others with a gain, then the chance that all is kept. */
export function measures(deal: DealView): Measure[] {
  const players = new Map(Object.entries(deal.parties));
  for (const pack of deal.packages) for (const gain of pack.gains) if (!players.has(gain.player)) players.set(gain.player, gain.title);
  return [
    ...[...players].map(([player, title]): Measure => ({
      id: player,
      says: `gain of ${title}`,
      title: `gain of ${title} over no deal`,
      of: (pack, reading) => gainOf(pack, player)?.[reading] ?? null,
      tick: (value) => significant(value, 3),
    })),
    {
      id: KEPT,
      says: "chance that all is kept",
      title: "chance that all is kept",
      of: (pack) => ({ mean: pack.kept, low: pack.kept_low, high: pack.kept_high }),
      tick: percent,
      ends: [0, 1],
    },
  ];
}

export const inWords = (spread: DealSpread): string =>
  `${change(spread.mean)} (5–95% over draws: ${change(spread.low)} to ${change(spread.high)}; above 0 in ${percent(spread.gains_in)} of the draws)`;

export const percents = (low: number, high: number, bounds: Bounds | null = null): string =>
  `${span(low, high)}${withLeftOut(bounds, span)}`;
