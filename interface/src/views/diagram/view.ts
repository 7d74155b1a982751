import type { View } from "../registry";
import Diagram from "./Diagram.svelte";

const view: View = { id: "diagram", title: "Diagram", order: 20, component: Diagram, has: (answers) => (answers.layout?.nodes.length ?? 0) > 0, besideText: true };
export default view;
