import type { View } from "../registry";
import Assumptions from "./Assumptions.svelte";

const view: View = { id: "assumptions", title: "Assumptions", order: 60, component: Assumptions, has: (answers) => answers.assumptions.length > 0, editable: true };
export default view;
