import type { View } from "../registry";
import Worth from "./Worth.svelte";

const view: View = { id: "worth", title: "Worths", order: 65, component: Worth, has: (answers) => answers.interests.length > 0, live: true, editable: true };
export default view;
