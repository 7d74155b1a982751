// A figure of the page as a file of its own: SVG, and PNG painted from it.
//
// Figures consist of SVG and HTML. An SVG file with HTML inside opens only in browsers, not in Word or Inkscape, and
// some browsers refuse to paint one. So we draw in plain SVG what the browser has laid out: boxes as rectangles, text
// as lines of text, drawings copied with their styles. The file has a white background and the reader's sans-serif
// font, whatever theme the page has.
import { drawBox } from "./box";
import { copyDrawing } from "./copy";
import { element, type Origin } from "./element";
import { drawText } from "./text";

const MARGIN = 16;
// Parts of the page that are not part of the picture.
const LEFT_OUT = "details, dialog, input, select, textarea, script, style, [popover], .tools, .button, .hidden";

/** A figure with its title and caption as an SVG document. */
export function picture(figure: HTMLElement, title: string): string {
  const restore = onPaper(figure);
  try {
    const box = figure.getBoundingClientRect();
    const origin = { x: box.left - MARGIN, y: box.top - MARGIN };
    const drawing = element("svg", { "font-family": "sans-serif" });
    drawing.append(Object.assign(element("title"), { textContent: title }));
    const paper = drawing.appendChild(element("rect", { fill: "#ffffff" }));
    const reach = { right: box.right, bottom: box.bottom };
    draw(figure, drawing, origin, reach);
    const [width, height] = [Math.ceil(reach.right - origin.x + MARGIN), Math.ceil(reach.bottom - origin.y + MARGIN)];
    for (const sized of [drawing, paper]) {
      sized.setAttribute("width", String(width));
      sized.setAttribute("height", String(height));
    }
    drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(drawing)}\n`;
  } finally {
    restore();
  }
}

// Light theme, and no tools beside the figure. It is undone within the same task, so that the reader never sees it.
function onPaper(figure: HTMLElement): () => void {
  const page = document.documentElement;
  const theme = page.dataset.theme;
  page.dataset.theme = "light";
  figure.dataset.saving = "";
  return () => {
    delete figure.dataset.saving;
    if (theme === undefined) delete page.dataset.theme;
    else page.dataset.theme = theme;
  };
}

function draw(content: Element, into: SVGElement, origin: Origin, reach: { right: number; bottom: number }): void {
  const style = getComputedStyle(content);
  if (content.matches(LEFT_OUT) || style.display === "none" || style.opacity === "0") return;
  if (content instanceof SVGSVGElement) {
    if (style.visibility !== "hidden") copyDrawing(content, into, origin, (inside) => draw(inside, into, origin, reach));
  } else {
    const group = style.opacity === "1" ? into : into.appendChild(element("g", { opacity: style.opacity }));
    if (style.visibility !== "hidden") {
      for (const box of style.display === "inline" ? content.getClientRects() : [content.getBoundingClientRect()]) drawBox(box, style, group, origin);
    }
    for (const child of inOrder(content)) {
      if (child instanceof Element) draw(child, group, origin, reach);
      else if (child instanceof Text && style.visibility !== "hidden") drawText(child, group, origin);
    }
  }
  const box = content.getBoundingClientRect();
  reach.right = Math.max(reach.right, box.right);
  reach.bottom = Math.max(reach.bottom, box.bottom);
}

// In the order in which the browser paints: a higher z-index comes later.
function inOrder(content: Element): ChildNode[] {
  const lifted = (child: ChildNode) => (child instanceof Element ? Number.parseInt(getComputedStyle(child).zIndex, 10) || 0 : 0);
  return [...content.childNodes].map((child) => ({ child, level: lifted(child) })).sort((a, b) => a.level - b.level).map(({ child }) => child);
}

// Pixels of the picture per pixel of the page, so that it is sharp in print and on every screen.
const SCALE = 2;

/** An SVG document as PNG. */
export async function painted(svg: string): Promise<Blob> {
  const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Number(root.getAttribute("width")) * SCALE;
  canvas.height = Number(root.getAttribute("height")) * SCALE;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser paints no pictures. Save as SVG instead.");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large to paint. Save as SVG instead."))), "image/png");
  });
}
