// The uncertain numbers as a reader looks for them: by what they move, whose they are, and how well they are founded.
import type { Answers, Assumption } from "../../lib/answers";
import { percent, significant } from "../../lib/format";

export type Grouping = "moves" | "player" | "weak";

export interface Group {
  title: string;
  about: string;
  assumptions: Assumption[];
}

/** A number with its unit, as the case measures it. */
export function inUnit(number: number, unit: string): string {
  if (unit === "probability") return percent(number);
  return unit ? `${significant(number)} ${unit}` : significant(number);
}

/** A number alone; a probability as a percentage. */
export function bare(number: number, unit: string): string {
  return unit === "probability" ? percent(number) : significant(number);
}

/** Words of a search that all occur in an assumption's own words, its name or its reasons. */
export function matches(assumption: Assumption, search: string): boolean {
  const reasons = assumption.reasons.map((one) => `${one.source} ${one.at} ${one.says} ${one.judgement}`);
  const text = [assumption.label, assumption.parameter, assumption.unit, ...reasons].join(" ").toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** The assumptions in groups, in each those first that move the outcome most. */
export function grouped(answers: Answers, grouping: Grouping, search: string): Group[] {
  const share = new Map(answers.sensitivity.effects.map((effect) => [effect.parameter, effect.share]));
  const found = answers.assumptions
    .filter((one) => matches(one, search))
    .sort((a, b) => (share.get(b.parameter) ?? 0) - (share.get(a.parameter) ?? 0));
  const groups = GROUPS[grouping](answers);
  return groups
    .map(({ title, about, has }) => ({ title, about, assumptions: found.filter(has) }))
    .filter((group) => group.assumptions.length > 0);
}

interface Rule {
  title: string;
  about: string;
  has: (assumption: Assumption) => boolean;
}

const GROUPS: Record<Grouping, (answers: Answers) => Rule[]> = {
  moves: (answers) => {
    const strong = new Set(answers.sensitivity.effects.filter((effect) => effect.stands_out).map((effect) => effect.parameter));
    const of = `“${answers.sensitivity.title}: ${answers.sensitivity.label}”`;
    return [
      { title: "Moves most", about: `stands out in deciding ${of}`, has: (one) => strong.has(one.parameter) },
      { title: strong.size ? "Moves less" : "All", about: strong.size ? "none of them stands out from chance" : "", has: (one) => !strong.has(one.parameter) },
    ];
  },
  player: (answers) => {
    const owner = new Map(answers.assumptions.map((one) => [one.parameter, ownerOf(one, answers)]));
    return [
      ...answers.players.map(({ name, title, about }) => ({ title, about, has: (one: Assumption) => owner.get(one.parameter) === name })),
      { title: "Of no single player", about: "chances, and numbers that several players share", has: (one) => owner.get(one.parameter) === null },
    ];
  },
  weak: () => [
    { title: "Weakly supported", about: "only a judgement, or one source without a grade", has: (one) => one.weakness !== "" },
    { title: "Better supported", about: "", has: (one) => one.weakness === "" },
  ],
};

/** The player whose number it is: named in it (`usa.precision`), or the only one whose interests speak of it. */
function ownerOf({ parameter }: Assumption, answers: Answers): string | null {
  const named = parameter.includes(".") ? parameter.split(".")[0] : undefined;
  if (answers.players.some((one) => one.name === named)) return named!;
  const word = new RegExp(`(?<![\\w.])${parameter.replace(/[^\w]/g, "\\$&")}(?![\\w.])`);
  const speak = answers.interests.filter((interest) => word.test(JSON.stringify(interest.worth)));
  const players = new Set(speak.map((interest) => interest.player));
  return players.size === 1 ? [...players][0]! : null;
}
