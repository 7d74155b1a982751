// Numbers and days in the words of the terminal and the static page.
const MINUS = "−";

/** 0.423 as 42%; what is nearly sure is not rounded to sure. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return "<1%";
  if (share < 1 && share > 0.995) return ">99%";
  return `${Math.round(share * 100)}%`;
}

/** A difference of probabilities in points, with its sign: +4, −12, 0. */
export function points(difference: number): string {
  return signed(Math.round(difference * 100).toString());
}

/** A number with its sign, at so many significant digits. */
export function change(value: number, digits = 2): string {
  return signed(significant(value, digits));
}

/** A number at so many significant digits, without an exponent where it can be read without. */
export function significant(value: number, digits = 3): string {
  if (value === 0 || !Number.isFinite(value)) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-5) return value.toExponential(digits - 1).replace("-", MINUS);
  return Number(value.toPrecision(digits)).toLocaleString("en", { maximumSignificantDigits: digits }).replace("-", MINUS);
}

function signed(text: string): string {
  if (text === "0" || text === "-0") return "0";
  if (text.startsWith("-") || text.startsWith(MINUS)) return MINUS + text.slice(1);
  return `+${text}`;
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** 2025-07-15 as 15 July 2025. */
export function day(date: string): string {
  const [year, month, date_] = date.split("-").map(Number);
  return `${date_} ${MONTHS[(month ?? 1) - 1]} ${year}`;
}

/** The word that ICD 203 has for a probability; as `words.py` says it. */
export function estimativeWord(probability: number): string {
  for (const [limit, word] of ICD_203) if (probability < limit) return word;
  return "almost certain";
}

const ICD_203: [number, string][] = [
  [0.05, "almost no chance"],
  [0.2, "very unlikely"],
  [0.45, "unlikely"],
  [0.55, "roughly even chance"],
  [0.8, "likely"],
  [0.95, "very likely"],
];
