// Amounts and prices of a good in words, as the terminal and the static page write them.
import type { FlowsView, GoodView } from "../../lib/answers";

const MINUS = "−";
/** Beyond this multiple a price says only that there is far too little: demand that hardly answers has to be choked off. */
const MOST_TIMES = 100;

/** Decimals by which the good's largest amount has three digits. */
export function decimalsOf(amounts: number[]): number {
  const largest = Math.max(0, ...amounts.map(Math.abs));
  return largest > 0 ? Math.min(20, Math.max(0, 2 - Math.floor(Math.log10(largest)))) : 0;
}

export function amountText(amount: number, decimals: number): string {
  const rounded = Number(amount.toFixed(decimals));
  return Math.abs(rounded).toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

export function changeText(amount: number, decimals: number): string {
  return sign(Number(amount.toFixed(decimals))) + amountText(amount, decimals);
}

/** A mark-up in logarithms, as a multiple of the price without costs. */
export function priceText(price: number): string {
  if (price > Math.log(MOST_TIMES)) return `over ${MOST_TIMES} times`;
  return `${Math.exp(price).toFixed(2)} times`;
}

/** A change of a mark-up, in per cent of the price. */
export function priceChangeText(change: number): string {
  if (Math.abs(change) > Math.log(MOST_TIMES)) return `${change > 0 ? "over +" : "below "}${change > 0 ? `${MOST_TIMES * 100}` : `${MINUS}99`}%`;
  const percent = Math.round(100 * (Math.exp(change) - 1));
  return `${sign(percent)}${Math.abs(percent)}%`;
}

/** All amounts that are shown of a good as it is. */
export function amountsOf(good: GoodView): number[] {
  return good.times.flatMap((time) => [...time.routes, ...time.delivered].flatMap((one) => (one.expected == null ? [] : [one.expected])));
}

/** The round in which an intervention moves a good's flows most; nothing where it moves none. */
export function mostChanged(view: FlowsView, good: string): number | null | undefined {
  const moves = view.goods.filter((one) => one.good === good).map((one) => ({ round: one.round, by: one.routes.reduce((sum, route) => sum + Math.abs(route.difference), 0) }));
  const most = Math.max(0, ...moves.map((one) => one.by));
  return most > 0 ? moves.findLast((one) => one.by === most)?.round : undefined;
}

const sign = (number: number) => (number > 0 ? "+" : number < 0 ? MINUS : "");
