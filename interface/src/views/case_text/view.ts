import type { View } from "../registry";
import CaseText from "./CaseText.svelte";

const view: View = { id: "text", title: "Case text", order: 100, component: CaseText, has: () => true, live: true };
export default view;
