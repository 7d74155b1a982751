import type { View } from "../registry";
import WhatIf from "./WhatIf.svelte";

const view: View = { id: "what-if", title: "What if", order: 40, component: WhatIf, has: (answers) => answers.nodes.length > 0 };
export default view;
