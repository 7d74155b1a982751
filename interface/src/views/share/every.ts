// Every figure of every view, drawn out of sight and packed into one file.
import { strToU8, zipSync } from "fflate";
import { mount, tick, unmount, type Component } from "svelte";
import { fileName } from "../../lib/download";
import { painted, picture } from "../../lib/picture/picture";

// As wide as a figure is on a laptop's screen.
const WIDTH = 1040;

export interface Shown {
  id: string;
  component: Component;
}

/** A zip with each figure of the views as SVG and as PNG; null where the views have none. */
export async function everyFigure(views: Shown[], context: Map<unknown, unknown>, told: (done: number) => void): Promise<Uint8Array<ArrayBuffer> | null> {
  const files: Record<string, Uint8Array> = {};
  for (const [done, view] of views.entries()) {
    told(done);
    for (const [title, svg] of await drawn(view.component, context)) {
      const name = (n: number, ending: string) => fileName([view.id, title, n > 1 ? String(n) : ""], ending);
      let n = 1;
      while (files[name(n, "svg")]) n++;
      files[name(n, "svg")] = strToU8(svg);
      files[name(n, "png")] = new Uint8Array(await (await painted(svg)).arrayBuffer());
    }
  }
  return Object.keys(files).length ? zipSync(files) : null;
}

async function drawn(component: Component, context: Map<unknown, unknown>): Promise<[string, string][]> {
  const place = document.body.appendChild(document.createElement("div"));
  Object.assign(place.style, { position: "absolute", left: "-99999px", top: "0", width: `${WIDTH}px` });
  place.inert = true;
  const view = mount(component, { target: place, context });
  try {
    // Pictures that measure their width are drawn a second time once they know it.
    await tick();
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
    return [...place.querySelectorAll("figure")].map((figure) => {
      const title = figure.querySelector("h3")?.textContent?.trim() || "figure";
      return [title, picture(figure, title)];
    });
  } finally {
    await unmount(view);
    place.remove();
  }
}
