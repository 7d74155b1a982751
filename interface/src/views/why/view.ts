import type { View } from "../registry";
import Why from "./Why.svelte";

const view: View = { id: "why", title: "Why", order: 50, component: Why, has: (answers) => answers.whys.length > 0 };
export default view;
