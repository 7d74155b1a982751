import type { View } from "../registry";
import Forecasts from "./Forecasts.svelte";

const view: View = { id: "next", title: "What next", order: 30, component: Forecasts, has: (answers) => answers.forecasts.length > 0, besideText: true };
export default view;
