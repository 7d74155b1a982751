import type { View } from "../registry";
import Deals from "./Deals.svelte";

const view: View = { id: "deals", title: "Deals", order: 80, component: Deals, has: (answers) => answers.deals.length > 0, editable: true };
export default view;
