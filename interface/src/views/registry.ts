// The views, in the order of their tabs: every folder here that has a `view.ts`.
import type { Component } from "svelte";
import type { Answers } from "../lib/answers";

export interface View {
  /** In the address of the page, after the #. */
  id: string;
  title: string;
  /** Tabs stand by rising order. */
  order: number;
  component: Component;
  /** Whether there is anything to show; an empty tab is left out. */
  has: (answers: Answers) => boolean;
  /** Only in the workbench. */
  live?: true;
  /** Shown in the workbench even where `has` says that there is nothing yet: it can be made there. */
  canBeMade?: true;
  /** Can be shown beside the case text. */
  besideText?: true;
}

/** Whether a view has a tab on a page. */
export const isOffered = (view: View, answers: Answers, isWorkbench: boolean): boolean =>
  (view.has(answers) || (isWorkbench && view.canBeMade === true)) && (!view.live || isWorkbench);

const found = import.meta.glob<View>("./*/view.ts", { eager: true, import: "default" });

export const VIEWS: View[] = Object.values(found).sort((a, b) => a.order - b.order);
