import type { View } from "../registry";
import Overview from "./Overview.svelte";

const view: View = { id: "answers", title: "Answers", order: 10, component: Overview, has: () => true, besideText: true };
export default view;
