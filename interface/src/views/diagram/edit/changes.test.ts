import { expect, test } from "vitest";
import type { Operation } from "../../../lib/messages";
import { ADDABLE, addition } from "./additions";
import { connect, disconnect, drawn, maySee, sees } from "./arrows";
import { CaseContent, type Entry } from "../../../lib/content";
import { dayAt, later } from "./dates";
import { actionOf, KEYS } from "./keys";
import { evenWeights, mechanismOf, weightFrom, withoutParent, withParent } from "./mechanism";

const SWAP: Entry = {
  as_of: "2030-03-15",
  players: { home: { name: "the home side" }, away: { name: "the other side" } },
  parameters: { p: { prior: "likely" } },
  nodes: {
    pressed: { title: "Pressure", chance: true, domain: ["yes", "no"], probability: { yes: "p", no: "rest" }, at: "2030-03-01" },
    offer: { title: "The offer", player: "home", domain: ["full", "token"], at: "2030-03-10" },
    reply: { player: "away", domain: ["frees", "refuses"], sees: ["offer"], at: "2030-04-01" },
    size: { derived: "1 if offer == 'full' else 0", domain: [0, 1] },
  },
  interests: { swap: { player: "home", worth: "reply == 'frees'" } },
};
const swap = new CaseContent(SWAP);
const isPublic = (more: Entry = {}) => new CaseContent({ ...SWAP, information: "public", nodes: { ...(SWAP["nodes"] as Entry), reply: { player: "away", domain: ["frees", "refuses"], at: "2030-04-01" }, ...more } });
const operations = (change: ReturnType<typeof connect>): Operation[] => ("operations" in change ? change.operations : []);
const refused = (change: ReturnType<typeof connect>): string => ("refused" in change ? change.refused : "");

test("what is missing or of a wrong form is left out, whatever the text says", () => {
  for (const whole of [{}, { nodes: [1, 2], players: "x", rounds: null }, { nodes: { a: null, b: 3 }, interests: { c: [] } }] as Entry[]) {
    const content = new CaseContent(whole);
    expect([content.kind("a"), content.domain("a"), content.date("b"), content.title("b_c"), content.isPublic]).toEqual([null, [], "", "b c", false]);
    for (const { kind } of ADDABLE) expect(addition(content, kind, null, null).operations.length).toBeGreaterThan(0);
  }
});

test("what is added has a free name, follows the selected node, and belongs to its player", () => {
  const { name, operations: [operation], what } = addition(swap, "decision", "reply", null);
  expect([name, what]).toEqual(["decision_1", "Add the decision decision_1"]);
  expect(operation).toEqual({ kind: "set", path: ["nodes", "decision_1"], value: { title: "New decision", player: "away", domain: ["act", "wait"], sees: ["reply"], at: "2030-04-08" } });
  expect(addition(swap, "interest", "offer", null).operations[0]).toMatchObject({ value: { player: "home", worth: "1 * (offer == 'full')" } });
  expect(addition(swap, "derived", "offer", null).operations[0]).toMatchObject({ value: { derived: "1 if offer == 'full' else 0", domain: [0, 1] } });
  expect(addition(swap, "chance", null, "2031-01-01").operations[0]).toMatchObject({ value: { at: "2031-01-01", odds: { happens: 1, fails: 1 } } });
});

test("a decision in a case without players brings one", () => {
  expect(addition(new CaseContent({}), "decision", null, null).operations.map(({ path }: any) => path)).toEqual([["players", "player_1"], ["nodes", "decision_1"]]);
});

test("where everything is public, a new decision lists nothing", () => {
  expect(addition(isPublic(), "decision", "reply", null).operations[0]).not.toHaveProperty("value.sees");
});

test("an arrow to a decision is an entry of what it sees", () => {
  expect(operations(connect(swap, "pressed", "reply"))).toEqual([{ kind: "insert", path: ["nodes", "reply", "sees"], index: null, value: "pressed" }]);
  expect(operations(connect(swap, "pressed", "offer"))).toEqual([{ kind: "set", path: ["nodes", "offer", "sees"], value: ["pressed"] }]);
  expect(operations(disconnect(swap, "offer", "reply"))).toEqual([{ kind: "remove", path: ["nodes", "reply", "sees", 0] }]);
  expect([drawn(swap, "offer", "reply"), drawn(swap, "pressed", "reply")]).toEqual([true, false]);
});

test("an arrow that cannot be is refused in words", () => {
  expect(refused(connect(swap, "reply", "offer"))).toBe("reply comes about on 2030-04-01, after The offer on 2030-03-10. Move one of them first.");
  expect(refused(connect(swap, "offer", "offer"))).toContain("another node");
  expect(refused(connect(swap, "swap", "reply"))).toContain("Nothing depends on an interest");
  expect(refused(connect(swap, "offer", "swap"))).toContain("worth of swap");
  expect(refused(connect(swap, "offer", "size"))).toContain("expression");
  expect(refused(connect(swap, "offer", "reply"))).toBe("the other side sees it already.");
  expect(refused(disconnect(swap, "offer", "swap"))).toContain("expression of swap");
});

test("where information is public, an arrow is removed by hiding the node, and drawn by showing it again", () => {
  const open = isPublic();
  expect([sees(open, "reply", "offer"), sees(open, "offer", "reply")]).toEqual([true, false]);
  expect(operations(disconnect(open, "pressed", "reply"))).toEqual([{ kind: "set", path: ["nodes", "pressed", "hidden_from"], value: ["away"] }]);
  const hidden = isPublic({ pressed: { chance: true, domain: ["yes", "no"], odds: { yes: 1, no: 1 }, hidden_from: "away" } });
  expect(sees(hidden, "reply", "pressed")).toBe(false);
  expect(operations(connect(hidden, "pressed", "reply"))).toEqual([{ kind: "remove", path: ["nodes", "pressed", "hidden_from"] }]);
  const own = isPublic({ later: { player: "home", domain: ["a", "b"], at: "2030-05-01" } });
  expect(refused(disconnect(own, "offer", "later"))).toContain("decides The offer");
  expect(refused(connect(open, "offer", "reply"))).toContain("it is public");
});

test("what comes later cannot be seen, and what has no day can", () => {
  expect([maySee(swap, "offer", "reply"), maySee(swap, "reply", "offer"), maySee(swap, "offer", "size")]).toEqual([false, true, true]);
});

test("odds are spread over a node, with the same weights in every context, and drawn together again", () => {
  const table = withParent(swap, "pressed", "offer")!;
  expect(table).toEqual({ table: "offer", full: { yes: "p", no: "rest" }, token: { yes: "p", no: "rest" } });
  const spread = new CaseContent({ ...SWAP, nodes: { ...(SWAP["nodes"] as Entry), pressed: { chance: true, domain: ["yes", "no"], probability: table } } });
  expect(mechanismOf(spread, "pressed")!.rows.map(({ context }) => context)).toEqual(["The offer: full", "The offer: token"]);
  const two = withParent(spread, "pressed", "reply")!;
  expect(Object.keys(two)).toEqual(["table", "full, frees", "full, refuses", "token, frees", "token, refuses"]);
  expect(withoutParent(spread, "pressed", "offer")).toEqual({ yes: "p", no: "rest" });
  const both = new CaseContent({ ...SWAP, nodes: { ...(SWAP["nodes"] as Entry), pressed: { chance: true, domain: ["yes", "no"], probability: two } } });
  expect(withoutParent(both, "pressed", "offer")).toEqual({ table: "reply", frees: { yes: "p", no: "rest" }, refuses: { yes: "p", no: "rest" } });
  expect(drawn(both, "reply", "pressed")).toBe(true);
});

test("odds that are a table inside a table are left to the text", () => {
  const nested = new CaseContent({ nodes: { a: { chance: true, domain: ["x"], odds: { table: "b", y: { table: "c", z: { x: 1 } } } } } });
  expect([mechanismOf(nested, "a"), withParent(nested, "a", "b")]).toEqual([null, null]);
});

test("a weight that is typed is a number where it is one", () => {
  expect(["0.3", " 2 ", "likely", "1 - p", "rest", "1e3"].map(weightFrom)).toEqual([0.3, 2, "likely", "1 - p", "rest", 1000]);
  expect(evenWeights(["a", 3])).toEqual({ a: 1, 3: 1 });
});

test("days are counted over the ends of months and years, and a month counts as its last day", () => {
  expect([later("2030-12-31", 1), later("2030-02", 1), later("2028-02-28", 1), later("2030-03-01", -1)]).toEqual(["2031-01-01", "2030-03-01", "2028-02-29", "2030-02-28"]);
});

test("a place between two columns is a day between theirs", () => {
  const column = (x: number, first: string | null) => ({ x, width: 100, label: "", first, last: first });
  const columns = [column(0, "2030-01-01"), column(150, null), column(300, "2030-01-31")];
  expect([50, 350, 200, 450].map((x) => dayAt(columns, x))).toEqual(["2030-01-01", "2030-01-31", "2030-01-16", "2030-02-10"]);
  expect([dayAt([column(0, null)], 10), dayAt([column(0, "2030-01-01")], 150)]).toEqual([null, "2030-01-11"]);
});

test("no two keys mean the same, and keys of the browser stay its own", () => {
  const keys = KEYS.flatMap((line) => line.keys);
  expect(new Set(keys).size).toBe(keys.length);
  const pressed = (key: string, more = {}) => actionOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...more })?.action ?? null;
  expect([pressed("d"), pressed("?"), pressed("F2"), pressed("q"), pressed("d", { ctrlKey: true }), pressed("d", { metaKey: true })]).toEqual(["add decision", "help", "rename", null, null, null]);
});
