// Text of the page as lines of SVG text, each at the position that the browser gave it.
import { plain } from "./colour";
import { element, type Origin } from "./element";

interface Line {
  text: string;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const measure = new Map<string, { ascent: number; height: number }>();

/** The lines of one run of text. */
export function drawText(node: Text, into: SVGElement, origin: Origin): void {
  const parent = node.parentElement;
  if (!parent || !node.data.trim()) return;
  const style = getComputedStyle(parent);
  const { ascent, height } = metrics(style);
  const ink = plain(style.color);
  for (const line of lines(node)) {
    const text = style.whiteSpace.startsWith("pre") ? line.text : line.text.replace(/\s+/g, " ");
    const drawn = element("text", {
      x: line.left - origin.x,
      y: line.top + (line.bottom - line.top - height) / 2 + ascent - origin.y,
      "font-size": Number.parseFloat(style.fontSize),
      "font-weight": style.fontWeight === "400" ? undefined : style.fontWeight,
      "font-style": style.fontStyle === "normal" ? undefined : style.fontStyle,
      "font-family": /mono/i.test(style.fontFamily) ? "monospace" : undefined,
      "letter-spacing": style.letterSpacing === "normal" ? undefined : style.letterSpacing,
      fill: ink.colour,
      "fill-opacity": ink.opacity < 1 ? ink.opacity : undefined,
      "text-decoration": style.textDecorationLine === "none" ? undefined : style.textDecorationLine,
    });
    drawn.textContent = cased(text, style.textTransform).trim();
    into.append(drawn);
  }
}

function lines(node: Text): Line[] {
  const range = document.createRange();
  const found: Line[] = [];
  // Words, and the letters of a word that had to be broken, are set one after the other; a new line begins lower.
  for (const piece of node.data.matchAll(/\s+|[^\s]+/g)) {
    range.setStart(node, piece.index);
    range.setEnd(node, piece.index + piece[0].length);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
    if (boxes.length === 1) add(found, piece[0], boxes[0]!);
    else if (boxes.length > 1) {
      let at = piece.index;
      for (const letter of piece[0]) {
        range.setStart(node, at);
        range.setEnd(node, (at += letter.length));
        const box = range.getBoundingClientRect();
        if (box.width > 0) add(found, letter, box);
      }
    }
  }
  return found.filter((line) => line.text.trim());
}

function add(found: Line[], text: string, box: DOMRect): void {
  const last = found.at(-1);
  if (last && Math.abs(last.top - box.top) < box.height / 2) {
    last.text += text;
    last.right = box.right;
  } else if (text.trim()) {
    found.push({ text, left: box.left, top: box.top, right: box.right, bottom: box.bottom });
  }
}

function cased(text: string, transform: string): string {
  if (transform === "uppercase") return text.toUpperCase();
  if (transform === "lowercase") return text.toLowerCase();
  return text;
}

function metrics(style: CSSStyleDeclaration): { ascent: number; height: number } {
  const font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const known = measure.get(font);
  if (known) return known;
  const size = Number.parseFloat(style.fontSize);
  const context = document.createElement("canvas").getContext("2d");
  let found = { ascent: size * 0.9, height: size * 1.15 };
  if (context) {
    context.font = font;
    const { fontBoundingBoxAscent, fontBoundingBoxDescent } = context.measureText("x");
    found = { ascent: fontBoundingBoxAscent, height: fontBoundingBoxAscent + fontBoundingBoxDescent };
  }
  measure.set(font, found);
  return found;
}
