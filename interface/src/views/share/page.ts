// The report as a file: the page as it was opened, before anything was drawn into it.
let host: HTMLElement | null = null;
let before: Node[] = [];

/** Remember the content of the page before the interface is drawn into it. */
export function remember(target: HTMLElement): void {
  host = target;
  before = [...target.childNodes];
}

/** The whole page as it was, or null where the answers are not part of it (the workbench, a notebook). */
export function original(): string | null {
  if (!host?.id || !host.isConnected || !document.getElementById("answers")) return null;
  const page = document.documentElement.cloneNode(true) as HTMLElement;
  // Marks that scripts have put on the page; without scripts nothing would remove them.
  for (const mark of ["class", "data-theme"]) page.removeAttribute(mark);
  page.querySelector(`#${CSS.escape(host.id)}`)?.replaceChildren(...before.map((node) => node.cloneNode(true)));
  return `<!doctype html>\n${page.outerHTML}\n`;
}
