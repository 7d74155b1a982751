// Which tabs stand in the row, and which in the menu behind it.
export interface TabWidth {
  id: string;
  /** Pixels. */
  width: number;
  /** Folded before all others. */
  isLessUsed?: boolean | undefined;
}

/**
 * The tabs that have no place in the row; they stay in their order.
 *
 * @param tabs All tabs, in order.
 * @param room Pixels of the row.
 * @param menu Pixels of the button that opens the menu.
 * @param open The tab that is open: it stays in the row.
 */
export function foldedTabs(tabs: readonly TabWidth[], room: number, menu: number, open: string): Set<string> {
  const folded = new Set<string>();
  let width = tabs.reduce((sum, tab) => sum + tab.width, 0);
  if (width <= room) return folded;
  width += menu;
  // First the less used, then the rest, each from the end.
  const candidates = [...tabs].reverse().sort((one, other) => Number(other.isLessUsed ?? false) - Number(one.isLessUsed ?? false));
  for (const tab of candidates) {
    if (width <= room) break;
    if (tab.id === open) continue;
    folded.add(tab.id);
    width -= tab.width;
  }
  return folded;
}
