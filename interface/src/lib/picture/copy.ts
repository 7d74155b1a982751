// A copy of a drawing of the page that needs no style sheets and contains no scripts.
import { plain } from "./colour";
import { element, SVG, short, type Origin } from "./element";

// The elements that a file may contain: no scripts, links, embedded pages or animations.
const TAGS = new Set("svg g path rect circle ellipse line polyline polygon text tspan defs linearGradient radialGradient stop clipPath marker mask pattern title desc use symbol".split(" "));
const ATTRIBUTES = new Set(
  "id d points x y x1 y1 x2 y2 cx cy r rx ry dx dy fx fy width height transform viewBox preserveAspectRatio offset gradientUnits gradientTransform patternUnits patternContentUnits patternTransform clipPathUnits maskUnits markerWidth markerHeight markerUnits refX refY orient rotate textLength lengthAdjust pathLength".split(" "),
);
// Inherited properties: written where they change.
const INHERITED = "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit font-size font-weight font-style letter-spacing text-anchor paint-order visibility marker-start marker-mid marker-end".split(" ");
// Other properties: written where they differ from the default.
const OWN: Record<string, string> = { opacity: "1", "dominant-baseline": "auto", "vector-effect": "none", "clip-path": "none", mask: "none", "stop-color": "rgb(0, 0, 0)", "stop-opacity": "1", "text-decoration-line": "none" };
const COLOURS = new Set(["fill", "stroke", "stop-color"]);
// Geometry that a style sheet may set.
const GEOMETRY: Record<string, string[]> = { rect: ["x", "y", "width", "height", "rx", "ry"], circle: ["cx", "cy", "r"], ellipse: ["cx", "cy", "rx", "ry"] };

/** A drawing as part of a picture; `embed` is called for page content that lies inside it. */
export function copyDrawing(drawing: SVGSVGElement, into: SVGElement, origin: Origin, embed: (content: Element) => void): void {
  const box = drawing.getBoundingClientRect();
  const style = getComputedStyle(drawing);
  const made = element("svg", {
    x: box.left - origin.x,
    y: box.top - origin.y,
    width: box.width,
    height: box.height,
    viewBox: drawing.getAttribute("viewBox") ?? undefined,
    preserveAspectRatio: drawing.getAttribute("preserveAspectRatio") ?? undefined,
    overflow: style.overflow === "visible" ? "visible" : undefined,
  });
  const said = new Map<string, string>();
  dress(made, style, said);
  for (const child of drawing.children) copy(child, made, said, embed);
  into.append(made);
}

function copy(original: Element, into: SVGElement, said: Map<string, string>, embed: (content: Element) => void): void {
  if (original.localName === "foreignObject") {
    for (const child of original.children) embed(child);
    return;
  }
  const name = original.localName === "a" ? "g" : original.localName;
  const style = getComputedStyle(original);
  const described = name === "title" || name === "desc";
  if (!TAGS.has(name) || (!described && style.display === "none")) return;
  const made = document.createElementNS(SVG, name) as SVGElement;
  for (const { name: key, value } of original.attributes) {
    if (ATTRIBUTES.has(key) && !value.includes("var(")) made.setAttribute(key, value);
    else if (key === "href" && name === "use" && value.startsWith("#")) made.setAttribute(key, value);
  }
  if (described) made.textContent = original.textContent;
  else {
    for (const key of GEOMETRY[name] ?? []) {
      const value = style.getPropertyValue(key);
      if (value && value !== "auto" && value !== "0px") made.setAttribute(key, value.endsWith("px") ? short(Number.parseFloat(value)) : value);
    }
    const told = new Map(said);
    dress(made, style, told);
    if (!original.hasAttribute("transform") && style.transform !== "none") made.setAttribute("transform", style.transform);
    for (const child of original.childNodes) {
      if (child instanceof Element) copy(child, made, told, embed);
      else if (child instanceof Text && (name === "text" || name === "tspan")) made.append(child.data);
    }
  }
  into.append(made);
}

function dress(made: SVGElement, style: CSSStyleDeclaration, said: Map<string, string>): void {
  for (const key of INHERITED) {
    const value = style.getPropertyValue(key);
    if (!value || said.get(key) === value) continue;
    said.set(key, value);
    write(made, key, value);
  }
  for (const [key, unsaid] of Object.entries(OWN)) {
    const value = style.getPropertyValue(key);
    if (value && value !== unsaid) write(made, key === "text-decoration-line" ? "text-decoration" : key, value);
  }
  if (/mono/i.test(style.fontFamily) && made.localName === "text") made.setAttribute("font-family", "monospace");
}

function write(made: SVGElement, key: string, value: string): void {
  // References may only point to parts of the same drawing.
  if (value.includes("url(") && !/^url\(["']?#/.test(value)) return;
  if (COLOURS.has(key) && value !== "none" && !value.startsWith("url(")) {
    const { colour, opacity } = plain(value);
    made.setAttribute(key, colour);
    if (opacity < 1) made.setAttribute(key === "stop-color" ? "stop-opacity" : `${key}-opacity`, String(opacity));
  } else {
    made.setAttribute(key, value.replace(/^(-?[\d.]+)px$/, "$1"));
  }
}
