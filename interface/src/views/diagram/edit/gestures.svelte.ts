// What a mouse does on the diagram: drag an arrow from a node's handle to another node, or a node along time.
import type { Drawing, Strip } from "../layout";
import { dayAt } from "./dates";
import type { Editing } from "./editing.svelte";

export interface Stage {
  root: SVGSVGElement;
  drawing: Drawing;
  rows: Strip[];
  zoom: number;
}

/** A place of the drawing, rows one below the other. */
interface Place {
  x: number;
  y: number;
}

const LEAST_MOVE = 6;

export class Gestures {
  /** An arrow that is being drawn: from a node, to where the pointer is. */
  arrow: { from: string; to: Place; over: string | null } | null = $state.raw(null);
  /** A node that is being moved along time. */
  dated: { name: string; at: Place; day: string } | null = $state.raw(null);
  #pressed: { name: string; x: number; y: number; isArrow: boolean } | null = null;
  /** A click follows the end of a drag: it chooses nothing. */
  #wasDragged = false;

  constructor(readonly editing: Editing, readonly stage: () => Stage) {}

  /** A pointer goes down on a node, or on its handle. */
  down(event: PointerEvent, name: string, isArrow: boolean): void {
    if (event.pointerType === "touch" || event.button !== 0) return;
    event.stopPropagation();
    this.#wasDragged = false;
    this.#pressed = { name, x: event.clientX, y: event.clientY, isArrow };
  }

  move(event: PointerEvent): void {
    const pressed = this.#pressed;
    if (!pressed) return;
    if (!this.#wasDragged && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < LEAST_MOVE) return;
    // Captured only now, since the click after a capture would not reach the node.
    if (!this.#wasDragged) this.stage().root.setPointerCapture(event.pointerId);
    this.#wasDragged = true;
    const at = this.#place(event);
    if (pressed.isArrow) this.arrow = { from: pressed.name, to: at, over: this.#nodeAt(event) };
    else if (this.#canBeDated(pressed.name)) {
      const day = dayAt(this.stage().drawing.columns, this.#inLayout(at));
      if (day) this.dated = { name: pressed.name, at, day };
    }
  }

  up(event: PointerEvent): void {
    const { arrow, dated } = this;
    [this.#pressed, this.arrow, this.dated] = [null, null, null];
    // The click comes at once, or, where the pointer left the node, not at all.
    setTimeout(() => { this.#wasDragged = false; });
    if (event.type === "pointercancel") return;
    if (arrow?.over) void this.editing.connect(arrow.from, arrow.over);
    if (dated) void this.editing.date(dated.name, dated.day);
  }

  /** Whether a click is the end of a drag. */
  get swallowsClick(): boolean {
    return this.#wasDragged;
  }

  /** The day at a place of the window. */
  dayAt(event: Pick<MouseEvent, "clientX" | "clientY">): string | null {
    return dayAt(this.stage().drawing.columns, this.#inLayout(this.#place(event)));
  }

  #canBeDated = (name: string): boolean => this.editing.content.nodePath(name)?.[0] === "nodes";

  #place(event: Pick<MouseEvent, "clientX" | "clientY">): Place {
    const { root, zoom } = this.stage();
    const box = root.getBoundingClientRect();
    return { x: (event.clientX - box.left) / zoom, y: (event.clientY - box.top) / zoom };
  }

  /** The place along time, in units of the layout. */
  #inLayout({ x, y }: Place): number {
    const { drawing, rows } = this.stage();
    const row = Math.min(rows.length - 1, Math.max(0, Math.floor(y / drawing.height)));
    return x + rows[row]!.from;
  }

  #nodeAt(event: PointerEvent): string | null {
    const hit = document.elementFromPoint(event.clientX, event.clientY);
    return hit?.closest<SVGGElement>("g.node")?.dataset["name"] ?? null;
  }
}
