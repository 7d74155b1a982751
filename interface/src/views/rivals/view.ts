import type { View } from "../registry";
import Rivals from "./Rivals.svelte";

const view: View = { id: "rivals", title: "Rivals", order: 75, component: Rivals, has: (answers) => Boolean(answers.rivals), editable: true, isLessUsed: true };
export default view;
