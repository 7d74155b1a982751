import type { View } from "../registry";
import Share from "./Share.svelte";

const view: View = { id: "share", title: "Share", order: 110, component: Share, has: () => true };
export default view;
