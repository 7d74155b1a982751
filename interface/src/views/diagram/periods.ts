// Stretches of time that can be folded into one box each.
//
// Nodes fold by time and not by player: a player acts again and again, so a box of all its decisions would have arrows that run
// back in time. Nothing depends on an interest, so interests fold by player.
import type { Layout } from "../../lib/answers";

export interface Period {
  /** The same for the same dates, so that a fold survives an edit. */
  key: string;
  label: string;
  columns: number[];
}

const MOST_PERIODS = 10;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const month = (date: string) => Number(date.slice(5, 7));

/** From coarse to fine: what a date is counted under. */
const UNITS: ((date: string) => [key: string, label: string])[] = [
  (date) => [date.slice(0, 4), date.slice(0, 4)],
  (date) => {
    const quarter = Math.ceil(month(date) / 3);
    return [`${date.slice(0, 4)} Q${quarter}`, `${MONTHS[3 * quarter - 3]}–${MONTHS[3 * quarter - 1]} ${date.slice(0, 4)}`];
  },
  (date) => [date.slice(0, 7), `${MONTHS[month(date) - 1]} ${date.slice(0, 4)}`],
  (date) => [date, `${Number(date.slice(8, 10)) || ""} ${MONTHS[month(date) - 1]} ${date.slice(0, 4)}`.trim()],
];

/** The periods of a picture: years, quarters, months or days, whichever are the finest that stay few. Empty for a single period. */
export function periodsOf(columns: Layout["columns"]): Period[] {
  const dates = datesOf(columns);
  if (dates.length === 0) return [];
  let best: Period[] = [];
  for (const unit of UNITS) {
    const periods: Period[] = [];
    dates.forEach((date, column) => {
      const [key, label] = unit(date);
      const earlier = periods.find((period) => period.key === key);
      if (earlier) earlier.columns.push(column);
      else periods.push({ key, label, columns: [column] });
    });
    if (best.length > 1 && periods.length > MOST_PERIODS) break;
    best = periods;
  }
  return best.length > 1 ? best : [];
}

/** A date for every column; what has none counts with the next column that has one, or with the last. */
function datesOf(columns: Layout["columns"]): string[] {
  const own = columns.map(({ first, last }) => first ?? last ?? null);
  const latest = own.findLast((date) => date !== null);
  if (!latest) return [];
  return own.map((date, i) => date ?? own.slice(i).find((later) => later !== null) ?? latest);
}
