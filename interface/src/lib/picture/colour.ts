// Colours that every SVG program understands: #rrggbb and an opacity.
export interface Plain {
  colour: string;
  opacity: number;
}

const known = new Map<string, Plain>();
let context: CanvasRenderingContext2D | null = null;

/** Any CSS colour, also `color(srgb …)` and `oklch(…)`, as the browser paints it. */
export function plain(colour: string): Plain {
  const found = known.get(colour) ?? painted(colour);
  known.set(colour, found);
  return found;
}

function painted(colour: string): Plain {
  const numbers = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(colour);
  if (numbers) return { colour: hex(numbers.slice(1, 4).map(Number)), opacity: Number(numbers[4] ?? 1) };
  context ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  if (!context) return { colour, opacity: 1 };
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
  return { colour: hex([red, green, blue]), opacity: Math.round((alpha / 255) * 1000) / 1000 };
}

const hex = (parts: number[]): string => `#${parts.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
