// A prior as somebody types it, as the case file writes it, and as quantiles to draw.
import { normalQuantile } from "./normal";
import { SCORES } from "./prior";

/** A prior as the case file writes it: a number, a word of ICD 203, or one kind with its numbers. */
export type WrittenPrior = number | string | { [kind: string]: number[] | { [share: string]: number } };
/** A word of ICD 203 and the probability below which it is used; in rising order, as the document lists them. */
export interface Term {
  word: string;
  below: number;
}
export type Reading = { prior: WrittenPrior; says: string } | { problem: string };

const NUMBER = String.raw`([-+−]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(%?)`;
const ALONE = new RegExp(`^${NUMBER}$`, "i");
const RANGE = new RegExp(`^(?:between\\s+|from\\s+)?${NUMBER}\\s*(?:to|and|–|—|\\.\\.|-)\\s*${NUMBER}$`, "i");
const KIND = new RegExp(`^(uniform|normal|lognormal|triangular|beta)\\s*\\(?\\[?\\s*(.*?)\\s*\\]?\\)?$`, "i");
const SIZES: Record<string, number> = { uniform: 2, normal: 2, lognormal: 2, triangular: 3, beta: 2 };
const HOW = "Write a range such as 0.1 to 0.3, one number such as 0.3 or 30%";
/** Half of a 90% interval, in standard deviations. */
const Z_90 = normalQuantile(0.95);

/** Read what somebody typed. Words are read only where the number is a probability. */
export function readPrior(text: string, probability: boolean, terms: readonly Term[] = []): Reading {
  const plain = text.trim().replace(/\s+/g, " ");
  const remedy = `${HOW}${probability && terms.length ? `, or a word: ${terms.map((term) => term.word).join(", ")}` : ""}.`;
  if (plain === "") return { problem: remedy };
  const alone = ALONE.exec(plain);
  if (alone) return one(value(alone[1]!, alone[2]!), probability);
  const range = RANGE.exec(plain);
  if (range) {
    // In 10 to 30% the sign stands for both.
    return between(value(range[1]!, range[2]! || range[4]!), value(range[3]!, range[4]!), probability);
  }
  const kind = KIND.exec(plain);
  if (kind) return named(kind[1]!.toLowerCase(), kind[2]!, probability);
  const term = terms.find(({ word }) => word === plain.toLowerCase());
  if (term && probability) {
    const [low, high] = rangeOf(term, terms);
    return { prior: term.word, says: `ICD 203: 90% between ${low} and ${high}` };
  }
  if (/^\d+,\d+$/.test(plain)) return { problem: `Write the number with a point: ${plain.replace(",", ".")}.` };
  return { problem: remedy };
}

/** The text that reads as a prior. */
export function spelled(prior: WrittenPrior | null | undefined): string {
  if (prior === null || prior === undefined) return "";
  if (typeof prior !== "object") return String(prior);
  const [kind, numbers] = Object.entries(prior)[0] ?? ["", []];
  if (!Array.isArray(numbers)) return "";
  return kind === "between" ? `${numbers[0]} to ${numbers[1]}` : `${kind} ${numbers.join(", ")}`;
}

/** The 90% interval of a prior; null where its kind has no simple one. */
export function interval(prior: WrittenPrior, probability: boolean, terms: readonly Term[] = []): [number, number] | null {
  const at = quantile(prior, probability, terms);
  return at && [at(-Z_90), at(Z_90)];
}

/** A prior at the 101 shares that `Prior` draws; null where it is one number, or its kind is not drawn. */
export function quantilesOf(prior: WrittenPrior, probability: boolean, terms: readonly Term[] = []): number[] | null {
  const at = typeof prior === "number" ? null : quantile(prior, probability, terms);
  return at && SCORES.map(at);
}

type AtScore = (score: number) => number;

/** The number at a normal score. */
function quantile(prior: WrittenPrior, probability: boolean, terms: readonly Term[]): AtScore | null {
  if (typeof prior === "number") return () => prior;
  if (typeof prior === "string") {
    const term = terms.find(({ word }) => word === prior);
    return term ? intervalOn(...rangeOf(term, terms), true) : null;
  }
  const [kind, numbers] = Object.entries(prior)[0] ?? ["", []];
  if (!Array.isArray(numbers)) return null;
  const [a = 0, b = 0, c = 0] = numbers;
  switch (kind) {
    case "between": return intervalOn(a, b, probability);
    case "uniform": return (score) => a + share(score) * (b - a);
    case "normal": return (score) => a + score * b;
    case "lognormal": return (score) => a * Math.exp(score * b);
    case "triangular": return (score) => triangular(share(score), a, b, c);
    default: return null;
  }
}

/** A 90% interval: logit-normal for probabilities, lognormal if positive, else normal; as `between` in the case file. */
function intervalOn(low: number, high: number, probability: boolean): AtScore {
  const logit = (number: number) => Math.log(number / (1 - number));
  const on = (to: (number: number) => number, from: (on: number) => number): AtScore => {
    const [start, end] = [to(low), to(high)];
    return (score) => from((start + end) / 2 + (score * (end - start)) / (2 * Z_90));
  };
  if (probability) return on(logit, (x) => 1 / (1 + Math.exp(-x)));
  return low > 0 ? on(Math.log, Math.exp) : on((x) => x, (x) => x);
}

function triangular(p: number, low: number, mode: number, high: number): number {
  const turn = (mode - low) / (high - low);
  return p < turn ? low + Math.sqrt(p * (high - low) * (mode - low)) : high - Math.sqrt((1 - p) * (high - low) * (high - mode));
}

/** The share of a normal distribution below a score, by the error function (Abramowitz and Stegun, 7.1.26). */
function share(score: number): number {
  const x = Math.abs(score) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.exp(-x * x);
  return score < 0 ? tail / 2 : 1 - tail / 2;
}

function rangeOf(term: Term, terms: readonly Term[]): [number, number] {
  const below = terms[terms.indexOf(term) - 1]?.below ?? 0.01;
  return [below, Math.min(term.below, 0.99)];
}

const value = (digits: string, sign: string): number => Number((Number(digits.replace("−", "-")) / (sign ? 100 : 1)).toPrecision(12));

function one(number: number, probability: boolean): Reading {
  if (probability && (number < 0 || number > 1)) {
    const percent = number > 1 && number <= 100 ? ` For ${number} percent write ${number}%.` : "";
    return { problem: `A probability lies between 0 and 1.${percent}` };
  }
  return { prior: number, says: `exactly ${number}, without uncertainty` };
}

function between(low: number, high: number, probability: boolean): Reading {
  if (!(low < high)) return { problem: low === high ? "Both ends are the same. Write one number, or two different ends." : "Put the lower end first." };
  if (probability && (low <= 0 || high >= 1)) return { problem: "A probability lies between 0 and 1, ends excluded. Write 0.01 to 0.99 for nearly everything." };
  return { prior: { between: [low, high] }, says: `90% between ${low} and ${high}` };
}

function named(kind: string, rest: string, probability: boolean): Reading {
  const numbers = rest.split(/\s*[,;]\s*|\s+to\s+|\s+/).map((part) => ALONE.exec(part)).map((match) => (match ? value(match[1]!, match[2]!) : NaN));
  const size = SIZES[kind]!;
  if (numbers.length !== size || numbers.some(Number.isNaN)) return { problem: `${kind} needs ${size} numbers, such as ${kind} ${size === 3 ? "0, 1, 3" : "1, 2"}.` };
  const [a, b, c = 0] = numbers as [number, number, number?];
  const isRising = kind === "triangular" ? a <= b && b <= c && a < c : kind === "uniform" ? a < b : true;
  if (!isRising) return { problem: "Put the numbers in rising order." };
  if (kind !== "triangular" && kind !== "uniform" && (b <= 0 || (kind !== "normal" && a <= 0))) return { problem: `The numbers of ${kind} are above 0.` };
  if (probability && (kind === "normal" || kind === "lognormal")) return { problem: `${kind} can leave the range 0 to 1. Write a range such as 0.1 to 0.3.` };
  if (probability && kind !== "beta" && (a < 0 || numbers.at(-1)! > 1)) return { problem: "A probability lies between 0 and 1." };
  return { prior: { [kind]: numbers }, says: `${kind} distribution with ${numbers.join(", ")}` };
}
