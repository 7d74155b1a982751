import type { View } from "../registry";
import Surprise from "./Surprise.svelte";

const view: View = { id: "surprise", title: "Surprise", order: 90, component: Surprise, has: (answers) => Boolean(answers.surprise) };
export default view;
