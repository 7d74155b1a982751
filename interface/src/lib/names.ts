// Names for what is added: short, in the letters that expressions can use, and not taken.

// What has a meaning of its own in expressions; as in case/schema/parts.py.
const RESERVED = new Set(
  ("False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield " +
    "min max abs exp log sqrt clip logistic flow delivered price rerouted P E best rest table").split(" "),
);
const ARTICLES = new Set(["a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "and", "or", "its", "their", "whether"]);
const MOST_WORDS = 3;
/** The name of what was added without one; the number makes it different from the others. */
const ADDED = /^(decision|event|result|interest|player)_\d+$/;

/** The first free name among base_1, base_2 … */
export function numbered(base: string, taken: ReadonlySet<string>): string {
  for (let i = 1; ; i++) if (!taken.has(`${base}_${i}`)) return `${base}_${i}`;
}

export const isAdded = (name: string): boolean => ADDED.test(name);

/** A name made of a title: "The reply of the other side" is reply_other_side. Null where the title has no letter that a name can have. */
export function nameFrom(title: string, taken: ReadonlySet<string>): string | null {
  const plain = title.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/['’]/g, "").toLowerCase();
  const words = plain.split(/[^a-z0-9]+/).filter(Boolean);
  const telling = words.filter((word) => !ARTICLES.has(word));
  const joined = (telling.length ? telling : words).slice(0, MOST_WORDS).join("_").replace(/^[0-9_]+/, "");
  if (!joined) return null;
  if (!RESERVED.has(joined) && !taken.has(joined)) return joined;
  for (let i = RESERVED.has(joined) ? 1 : 2; ; i++) if (!taken.has(`${joined}_${i}`)) return `${joined}_${i}`;
}

/** What a value is written as: its words in small letters, all of them, numbered where that is taken. */
export function valueName(words: string, taken: ReadonlySet<string>): string {
  const plain = words.normalize("NFKD").replace(/\p{M}/gu, "").replace(/['’]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "") || "value";
  return taken.has(plain) ? numbered(plain, taken) : plain;
}

/** A name for something new: made of its title, or else of what it is. */
export const freeName = (title: string, taken: ReadonlySet<string>, otherwise: string): string => nameFrom(title, taken) ?? (taken.has(otherwise) ? numbered(otherwise, taken) : otherwise);
