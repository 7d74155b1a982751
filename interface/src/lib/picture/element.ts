// SVG elements, and numbers short enough to read.
export const SVG = "http://www.w3.org/2000/svg";

export type Attributes = Record<string, string | number | undefined>;

export function element<Name extends keyof SVGElementTagNameMap>(name: Name, attributes: Attributes = {}): SVGElementTagNameMap[Name] {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, typeof value === "number" ? short(value) : value);
  }
  return made;
}

export const short = (value: number): string => String(Math.round(value * 100) / 100);

/** Where the picture begins on the page. */
export interface Origin {
  x: number;
  y: number;
}
