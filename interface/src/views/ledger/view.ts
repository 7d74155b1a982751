import type { View } from "../registry";
import Ledger from "./Ledger.svelte";

const view: View = { id: "ledger", title: "Ledger", order: 95, component: Ledger, has: () => true, live: true, isLessUsed: true };
export default view;
