// The one small picture that goes with a question's answer: a few bars, of what its sentences are about.
import type { Answer, ChangedFan, DealView, NodeForecast, WhatIf, Why } from "../../lib/answers";
import { percent, points, significant } from "../../lib/format";

/** A bar: how long, and for a change how long it was before. Lengths are shares of the width. */
export interface Bar {
  label: string;
  length: number;
  before?: number;
  says: string;
}

interface Source {
  forecasts: NodeForecast[];
  whatIfs: WhatIf[];
  whys: Why[];
  deals: DealView[];
}

const MOST = 4;

/** The bars of an answer; none where a picture would say nothing. */
export function pictured(answer: Answer, source: Source): Bar[] {
  if (answer.kind === "why") return shares(source.whys.find((why) => why.name === answer.name));
  if (answer.kind === "what_if") return changes(source.whatIfs.filter((one) => answer.what_ifs.includes(one.name)));
  // A question about a deal is named like the deal, or there is one deal only.
  if (answer.kind === "deal") return steps(source.deals.find((deal) => deal.name === answer.name) ?? (source.deals.length === 1 ? source.deals[0] : undefined));
  return answer.outcomes.length === 1 ? chances(source.forecasts.find((one) => one.node === answer.outcomes[0])) : [];
}

function chances(forecast: NodeForecast | undefined): Bar[] {
  return (forecast?.values ?? []).map((value) => ({ label: value.label, length: value.probability, says: percent(value.probability) }));
}

function changes(whatIfs: WhatIf[]): Bar[] {
  const overTime = whatIfs.flatMap((one) => one.fans ?? []).filter((fan) => fan.points.length > 1);
  const inFans = new Set(overTime.map((fan) => fan.node));
  const single = whatIfs.flatMap((one) => one.outcomes).filter((outcome) => !inFans.has(outcome.node.split("@")[0]!)).map((outcome) => {
    // That something does not arise is named only where there is nothing else to name, as in the sentence.
    const arising = outcome.values.filter((value) => value.value !== NOT_APPLICABLE);
    const value = mostChanged(arising.length ? arising : outcome.values);
    return {
      label: `${outcome.title}: ${value.label}`,
      length: value.after,
      before: value.before,
      says: `${percent(value.before)} → ${percent(value.after)}`,
    };
  });
  return [...overTime.flatMap(rounds), ...single].slice(0, MOST);
}

const NOT_APPLICABLE = "n/a";
const mostChanged = <Changed extends { difference: number }>(all: Changed[]): Changed => all.reduce((most, next) => (Math.abs(next.difference) > Math.abs(most.difference) ? next : most));

/** A repeated outcome in the rounds that its sentence tells of: the one that changes most, and the last. */
function rounds(fan: ChangedFan): Bar[] {
  const last = fan.points.at(-1)!;
  const most = mostChanged(fan.points);
  const isChance = fan.value !== null;
  const longest = isChance ? 1 : Math.max(...[most, last].flatMap((point) => [Math.abs(point.before), Math.abs(point.after)]), 1e-9);
  // As many digits as the sentence has.
  const show = isChance ? percent : (number: number) => (Math.abs(number) >= 20 ? Math.round(number).toLocaleString("en") : significant(number, 2));
  return (most.round === last.round ? [last] : [most, last]).map((point) => ({
    label: `${isChance ? `${fan.title}: ${fan.label}` : fan.title}, ${point.label}`,
    length: Math.abs(point.after) / longest,
    before: Math.abs(point.before) / longest,
    says: `${show(point.before)} → ${show(point.after)}`,
  }));
}

function shares(why: Why | undefined): Bar[] {
  const causes = [...(why?.causes ?? [])].sort((a, b) => b.share.mean - a.share.mean).slice(0, MOST);
  // A share below 0 has no length here; its number says it.
  return causes.map((cause) => ({ label: cause.title, length: Math.max(0, cause.share.mean), says: points(cause.share.mean) }));
}

function steps(deal: DealView | undefined): Bar[] {
  const chosen = deal?.packages.find((one) => one.number === deal.chosen);
  if (!chosen) return [];
  // A step that can never come up has no chance of being kept.
  const kept = [...chosen.steps.slice(0, MOST).map((step) => [`${step.player_title}: ${step.label}`, step.chance] as const), ["all of it is kept", chosen.kept] as const];
  return kept.flatMap(([label, chance]) => (chance === null ? [] : [{ label, length: chance, says: percent(chance) }]));
}
