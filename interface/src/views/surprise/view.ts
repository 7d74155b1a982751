import type { View } from "../registry";
import Surprise from "./Surprise.svelte";

const view: View = { id: "surprise", title: "Beliefs", order: 90, component: Surprise, has: (answers) => Boolean(answers.surprise), editable: true };
export default view;
