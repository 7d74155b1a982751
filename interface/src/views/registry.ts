// The views, in the order of their tabs.
import type { Component } from "svelte";
import type { Answers } from "../lib/answers";
import Assumptions from "./Assumptions.svelte";
import Diagram from "./Diagram.svelte";
import CaseText from "./CaseText.svelte";
import Claims from "./Claims.svelte";
import Deals from "./Deals.svelte";
import Next from "./Next.svelte";
import Overview from "./Overview.svelte";
import Share from "./Share.svelte";
import WhatIf from "./WhatIf.svelte";
import Surprise from "./Surprise.svelte";
import Why from "./Why.svelte";

export interface View {
  id: string;
  title: string;
  component: Component;
  /** Whether there is anything to show; a tab that would be empty is left out. */
  has: (answers: Answers) => boolean;
  /** Only in the workbench. */
  live?: true;
}

export const VIEWS: View[] = [
  { id: "answers", title: "Answers", component: Overview, has: () => true },
  { id: "diagram", title: "Diagram", component: Diagram, has: (answers) => (answers.layout?.nodes.length ?? 0) > 0 },
  { id: "next", title: "What next", component: Next, has: (answers) => answers.forecasts.length > 0 },
  { id: "what-if", title: "What if", component: WhatIf, has: (answers) => answers.nodes.length > 0 },
  { id: "why", title: "Why", component: Why, has: (answers) => answers.whys.length > 0 },
  { id: "assumptions", title: "Assumptions", component: Assumptions, has: (answers) => answers.assumptions.length > 0 },
  { id: "claims", title: "Claims", component: Claims, has: (answers) => answers.claims.length > 0 },
  { id: "deals", title: "Deals", component: Deals, has: (answers) => answers.deals.length > 0 },
  { id: "surprise", title: "Surprise", component: Surprise, has: (answers) => Boolean(answers.surprise) },
  { id: "text", title: "Case text", component: CaseText, has: () => true, live: true },
  { id: "share", title: "Share", component: Share, has: () => true },
];
