// A small good for tests: two suppliers, two demanders, three routes.
import type { GoodView } from "../lib/answers";

const amount = (expected: number) => ({ expected, low: expected / 2, high: expected * 2 });
const at = (round: number | null, label: string, flows: number[]) => ({
  round, label, routes: flows.map(amount), delivered: [amount(flows[0]! + flows[1]!), amount(flows[2]!)], prices: [amount(Math.log(2)), { expected: null, low: null, high: null }],
});

export const GAS: GoodView = {
  good: "gas", title: "gas", unit: "barrels",
  suppliers: [{ name: "well", title: "the well" }, { name: "sea", title: "ships from across the sea" }],
  demanders: [{ name: "city", title: "the city" }, { name: "port", title: "the port" }],
  routes: [
    { name: "north", title: "by the north road", through: "", supplier: "well", demander: "city" },
    { name: "south", title: "through Borland and its mountains", through: "Borland", supplier: "well", demander: "city" },
    { name: "ship", title: "by ship", through: "", supplier: "sea", demander: "port" },
  ],
  times: [at(null, "", [10, 5, 20])],
};
export const ROUNDS: GoodView = { ...GAS, times: [at(1, "May 2031", [10, 5, 20]), at(2, "June 2031", [8, 6, 20])] };

const change = (name: string, title: string, before: number, after: number) => ({ name, title, before, after, after_independent: null, difference: after - before, low: after - before - 1, high: after - before + 1 });
const flowsAt = (round: number | null, label: string) => ({
  good: "gas", title: "gas", unit: "barrels", round, label,
  routes: [change("north", "by the north road", 10, 0), change("south", "through Borland and its mountains", 5, 9), change("ship", "by ship", 20, 20)],
  delivered: [change("city", "the city", 15, 9), change("port", "the port", 20, 20)],
  prices: [change("city", "the city", Math.log(2), Math.log(3))],
});
export const SHUT = { name: "shut", title: "the gate shut", is_counterfactual: false, goods: [flowsAt(null, "")] };
export const SHUT_ROUNDS = { ...SHUT, goods: [flowsAt(1, "May 2031"), flowsAt(2, "June 2031")] };
