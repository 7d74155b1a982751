import type { View } from "../registry";
import Review from "./Review.svelte";

const view: View = { id: "review", title: "Review", order: 15, component: Review, has: (answers) => Boolean(answers.review), isLessUsed: true };
export default view;
