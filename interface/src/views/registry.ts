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
  /** In the workbench also where it is empty: something can be added. */
  editable?: true;
  /** Where not all tabs have room, it goes into the menu before others. */
  isLessUsed?: true;
  /** Can be shown beside the case text. */
  besideText?: true;
}

const found = import.meta.glob<View>("./*/view.ts", { eager: true, import: "default" });

export const VIEWS: View[] = Object.values(found).sort((a, b) => a.order - b.order);

/** Whether a view has a tab; `isLive`: in the workbench. */
export const isShown = (view: View, answers: Answers, isLive: boolean): boolean => (isLive ? view.has(answers) || view.editable === true : view.has(answers) && !view.live);
