// What happened and what is expected: the rows of the timeline, and the scale of its days.
import type { Answers, Event, NodeForecast } from "../../lib/answers";
import { mostLikely } from "../../lib/forecasts";
import { percent } from "../../lib/format";

export interface Item {
  node: string;
  title: string;
  kind: Event["kind"];
  /** "none", or "most likely none, 54%". */
  says: string;
  source: string;
  reliability: number | null;
}

export interface Row {
  key: string;
  date: string;
  /** The round in words, if the row holds the repeated nodes of a round; else empty. */
  round: string;
  items: Item[];
}

/** One row per event. Repeated nodes share one row per round, since a long case would have too many rows otherwise. */
export function rowsOf(answers: Answers, forecast: (node: string) => NodeForecast | undefined): Row[] {
  const rounds = new Map((answers.rounds ?? []).flatMap((fan) => fan.points.map((point) => [point.node, { label: point.label, title: fan.title }] as const)));
  const rows: Row[] = [];
  const ofRound = new Map<string, Row>();
  for (const [i, event] of answers.timeline.entries()) {
    const round = event.kind === "recorded" ? undefined : rounds.get(event.node);
    const item = itemOf(event, forecast(event.node));
    if (!round) {
      rows.push({ key: `${i} ${event.node}`, date: event.date, round: "", items: [item] });
      continue;
    }
    let row = ofRound.get(round.label);
    if (!row) {
      row = { key: round.label, date: event.date, round: round.label, items: [] };
      ofRound.set(round.label, row);
      rows.push(row);
    }
    row.items.push({ ...item, title: round.title });
  }
  return rows;
}

function itemOf(event: Event, forecast: NodeForecast | undefined): Item {
  const { node, title, kind, source, reliability } = event;
  const labelled = forecast?.values.find((one) => String(one.value) === String(event.value))?.label;
  const likely = forecast && mostLikely(forecast);
  const says = kind === "recorded" ? (labelled ?? String(event.value ?? "")) : likely ? `most likely ${likely.label}, ${percent(likely.probability)}` : "";
  return { node, title, kind, says, source, reliability };
}

export interface Scale {
  /** The position of a day between the first (0) and the last (1). */
  at: (date: string) => number;
  /** First days of months, with enough months between them that the labels do not overlap. */
  ticks: { share: number; label: string }[];
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const time = (date: string) => Date.parse(`${date}T00:00:00Z`);

/** A scale over days; a single day is in the middle. */
export function scaleOf(dates: string[], most = 12): Scale {
  const times = dates.map(time);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const share = (moment: number) => (last > first ? (moment - first) / (last - first) : 0.5);
  const ticks: Scale["ticks"] = [];
  if (last > first) {
    const start = new Date(first);
    const months = Math.ceil((last - first) / (30.4 * 86_400_000));
    const step = [1, 2, 3, 6, 12, 24, 60, 120].find((one) => months / one <= most) ?? 240;
    for (let month = Math.ceil((start.getUTCMonth() + 1) / step) * step; ; month += step) {
      const moment = Date.UTC(start.getUTCFullYear(), month, 1);
      if (moment > last) break;
      const date = new Date(moment);
      const label = `${MONTHS[date.getUTCMonth()]}${ticks.length === 0 || date.getUTCMonth() < step ? ` ${date.getUTCFullYear()}` : ""}`;
      if (moment >= first) ticks.push({ share: share(moment), label });
    }
  }
  return { at: (date) => share(time(date)), ticks };
}
