import type { View } from "../registry";
import Claims from "./Claims.svelte";

const view: View = { id: "claims", title: "Claims", order: 70, component: Claims, has: (answers) => answers.claims.length > 0, editable: true };
export default view;
