import type { View } from "../registry";
import Scenarios from "./Scenarios.svelte";

const view: View = { id: "scenarios", title: "Scenarios", order: 47, component: Scenarios, has: (answers) => answers.scenarios != null, editable: true, isLessUsed: true };
export default view;
