// Tables of what the answers rest on: assumptions and their effects, beliefs, indicators, and the case itself.
import type { Answers } from "../../lib/answers";
import { end, table, type TableFile } from "./sheets";

const written = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const values = (list: (string | number)[]): string => list.join(", ");

export function groundTables(answers: Answers): TableFile[] {
  const surprise = answers.surprise;
  const viewer = (view: string[]) => surprise?.viewers.find((one) => values(one.view) === values(view))?.title ?? values(view);
  const decides = `${answers.sensitivity.title}: ${answers.sensitivity.label}`;
  const tipping = answers.sensitivity.solved_tipping ?? answers.sensitivity.tipping;
  return [
    table("Assumptions", "an uncertain number of the case", answers.assumptions, {
      assumption: (row) => row.parameter,
      label: (row) => row.label,
      unit: (row) => row.unit,
      kind: (row) => row.kind,
      prior: (row) => written(row.prior),
      median: (row) => row.median,
      "90% from": (row) => row.low,
      "90% to": (row) => row.high,
      "mean given the record": (row) => row.mean_given_record,
      "given the record, 90% from": (row) => row.low_given_record,
      "given the record, 90% to": (row) => row.high_given_record,
      "independent sources": (row) => row.independent_sources,
      weakness: (row) => row.weakness,
    }),
    table("Reasons", "a reason for an assumption", answers.assumptions.flatMap((one) => one.reasons.map((reason) => ({ one, reason }))), {
      assumption: ({ one }) => one.parameter,
      source: ({ reason }) => reason.source,
      at: ({ reason }) => reason.at,
      says: ({ reason }) => reason.says,
      judgement: ({ reason }) => reason.judgement,
    }),
    table("What decides it", "an assumption and how it moves the outcome", answers.sensitivity.effects, {
      outcome: () => decides,
      assumption: (row) => row.parameter,
      label: (row) => row.label,
      share: (row) => row.share,
      "share from": (row) => end(row.share_range, 0),
      "share to": (row) => end(row.share_range, 1),
      delta: (row) => row.delta,
      "delta from": (row) => end(row.delta_range, 0),
      "delta to": (row) => end(row.delta_range, 1),
      Shapley: (row) => row.shapley,
      shape: (row) => row.shape,
      "stands out": (row) => row.stands_out,
      "chance at its low end": (row) => row.chance_low,
      "chance at its high end": (row) => row.chance_high,
    }),
    table("Tipping points", "where moving one assumption changes the most likely value", tipping, {
      outcome: () => decides,
      assumption: (row) => row.parameter,
      label: (row) => row.label,
      unit: (row) => row.unit,
      median: (row) => row.median,
      "tips at": (row) => row.at,
      "5% of draws below": (row) => row.low,
      "5% of draws above": (row) => row.high,
      from: (row) => row.before_label,
      to: (row) => row.after_label,
      "solved again": (row) => row.solved,
    }),
    table("Worth learning", "something unknown and what knowing it would teach", answers.sensitivity.information?.learning ?? [], {
      unknown: (row) => row.unknown,
      label: (row) => row.label,
      kind: (row) => row.kind,
      bits: (row) => row.bits,
      "bits from": (row) => end(row.bits_range, 0),
      "bits to": (row) => end(row.bits_range, 1),
    }),
    table("Surprise", "what a player expects, and the actual probability", (surprise?.expectations ?? []).flatMap((one) => one.values.map((value) => ({ one, value }))), {
      viewer: ({ one }) => viewer(one.view),
      node: ({ one }) => one.title,
      date: ({ one }) => one.date,
      value: ({ value }) => value.label,
      expects: ({ value }) => value.expects,
      actual: ({ value }) => value.is_so,
      gap: ({ one }) => one.gap,
      bits: ({ one }) => one.bits,
    }),
    table("Record as received", "an entry of the record and how surprising it was", surprise?.receptions ?? [], {
      viewer: (row) => viewer(row.view),
      node: (row) => row.title,
      value: (row) => row.label,
      date: (row) => row.date,
      bits: (row) => row.bits,
      "bits due": (row) => row.due,
      "share of draws in which it was impossible": (row) => row.impossible,
    }),
    table("To watch", "something that can be seen before the outcome", answers.watch.indicators.flatMap((sign) => sign.values.map((seen) => ({ sign, seen }))), {
      sign: ({ sign }) => sign.title,
      due: ({ sign }) => sign.due,
      "teaches, bits": ({ sign }) => sign.teaches,
      value: ({ seen }) => seen.label,
      chance: ({ seen }) => seen.probability,
      "ICD 203": ({ seen }) => seen.word,
      ...Object.fromEntries(
        answers.watch.labels.flatMap((label, i) => [
          [`${label} if seen`, ({ seen }: { seen: { if_seen: number[] | null } }) => seen.if_seen?.[i]],
          [`${label} if not`, ({ seen }: { seen: { if_not: number[] | null } }) => seen.if_not?.[i]],
        ]),
      ),
    }),
    table("Nodes", "a node of the diagram", answers.nodes, {
      node: (row) => row.name,
      title: (row) => row.title,
      kind: (row) => row.kind,
      player: (row) => row.player,
      date: (row) => row.date,
      values: (row) => values(row.domain),
      "depends on": (row) => values(row.parents),
      about: (row) => row.about,
    }),
    table("Interests", "an interest of a player", answers.interests, {
      interest: (row) => row.name,
      player: (row) => row.player,
      worth: (row) => written(row.worth),
      "expected worth": (row) => row.expected,
      about: (row) => row.about,
    }),
    table("Decision rules", "an action in one context", answers.rules.flatMap((rule) => rule.contexts.flatMap((context, i) => rule.actions.map((action, j) => ({ rule, context, action, chance: rule.probabilities[i]?.[j] })))), {
      decision: ({ rule }) => rule.decision,
      context: ({ rule, context }) => rule.sees.map((node, i) => `${node}: ${context[i]}`).join("; "),
      action: ({ action }) => action,
      chance: ({ chance }) => chance,
    }),
    table("Timeline", "a day on which something happened or is open", answers.timeline, {
      date: (row) => row.date,
      node: (row) => row.title,
      kind: (row) => row.kind,
      value: (row) => row.value,
      source: (row) => row.source,
      reliability: (row) => row.reliability,
    }),
    table("Sources", "a source of the case", answers.sources, {
      source: (row) => row.name,
      title: (row) => row.title,
      author: (row) => row.author,
      date: (row) => row.date,
      reported: (row) => row.reported,
      grade: (row) => row.grade,
      "in words": (row) => row.grade_in_words,
      "same as": (row) => row.same_as,
      address: (row) => row.url,
    }),
  ];
}
