import type { View } from "../registry";
import Source from "./Source.svelte";

const view: View = { id: "source", title: "Source", order: 92, component: Source, has: (answers) => answers.sources.length > 0, editable: true };
export default view;
