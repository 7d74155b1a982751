import type { View } from "../registry";
import News from "./News.svelte";

const view: View = { id: "news", title: "Something happened", order: 93, component: News, has: (answers) => answers.nodes.length > 0, live: true, isLessUsed: true };
export default view;
