// What the page paints behind text: backgrounds, borders, rounded corners.
import { plain } from "./colour";
import { element, type Origin } from "./element";

const SIDES = ["Top", "Right", "Bottom", "Left"] as const;

interface Edge {
  width: number;
  style: string;
  colour: string;
}

export function drawBox(box: DOMRect, style: CSSStyleDeclaration, into: SVGElement, origin: Origin): void {
  if (box.width === 0 || box.height === 0) return;
  const edges = SIDES.map((side) => edge(style, side));
  const fill = plain(style.backgroundColor);
  const first = edges[0]!;
  const even = edges.every((one) => one.width === first.width && one.style === first.style && one.colour === first.colour);
  const framed = even && first.width > 0;
  if (fill.opacity > 0 || framed) {
    const inset = framed ? first.width / 2 : 0;
    const line = plain(first.colour);
    into.append(
      element("rect", {
        x: box.left - origin.x + inset,
        y: box.top - origin.y + inset,
        width: Math.max(0, box.width - 2 * inset),
        height: Math.max(0, box.height - 2 * inset),
        rx: radius(style, box) || undefined,
        fill: fill.opacity > 0 ? fill.colour : "none",
        "fill-opacity": fill.opacity > 0 && fill.opacity < 1 ? fill.opacity : undefined,
        ...(framed ? { stroke: line.colour, "stroke-width": first.width, "stroke-dasharray": dashes(first), "stroke-opacity": line.opacity < 1 ? line.opacity : undefined } : {}),
      }),
    );
  }
  if (!even) SIDES.forEach((side, i) => drawEdge(side, edges[i]!, box, into, origin));
}

function edge(style: CSSStyleDeclaration, side: (typeof SIDES)[number]): Edge {
  const kind = style[`border${side}Style`];
  const colour = style[`border${side}Color`];
  const seen = kind !== "none" && kind !== "hidden" && plain(colour).opacity > 0;
  return { width: seen ? Number.parseFloat(style[`border${side}Width`]) : 0, style: kind, colour };
}

function drawEdge(side: (typeof SIDES)[number], { width, style, colour }: Edge, box: DOMRect, into: SVGElement, origin: Origin): void {
  if (width === 0) return;
  const [left, right] = [box.left - origin.x, box.right - origin.x];
  const [top, bottom] = [box.top - origin.y, box.bottom - origin.y];
  const half = width / 2;
  const ends = {
    Top: [left, top + half, right, top + half],
    Right: [right - half, top, right - half, bottom],
    Bottom: [left, bottom - half, right, bottom - half],
    Left: [left + half, top, left + half, bottom],
  }[side];
  const [x1, y1, x2, y2] = ends;
  const line = plain(colour);
  into.append(
    element("line", { x1, y1, x2, y2, stroke: line.colour, "stroke-width": width, "stroke-dasharray": dashes({ width, style, colour }), "stroke-opacity": line.opacity < 1 ? line.opacity : undefined }),
  );
}

function dashes({ width, style }: Edge): string | undefined {
  if (style === "dashed") return `${3 * width} ${2 * width}`;
  if (style === "dotted") return `${width} ${width}`;
  return undefined;
}

function radius(style: CSSStyleDeclaration, box: DOMRect): number {
  const corner = style.borderTopLeftRadius.split(" ")[0]!;
  const size = Number.parseFloat(corner) || 0;
  const wanted = corner.endsWith("%") ? (box.width * size) / 100 : size;
  return Math.min(wanted, box.width / 2, box.height / 2);
}
