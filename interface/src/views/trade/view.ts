import type { View } from "../registry";
import Flows from "./Flows.svelte";

const view: View = { id: "flows", title: "Flows", order: 45, component: Flows, has: (answers) => (answers.goods ?? []).length > 0 };
export default view;
