import { expect, test, vi } from "vitest";
import { FakeServer, hello } from "../testing/fake_server";
import type { Request } from "./messages";
import { Workbench } from "./workbench.svelte";

class Memory {
  kept = new Map<string, string>();
  getItem = (name: string) => this.kept.get(name) ?? null;
  setItem = (name: string, text: string) => void this.kept.set(name, text);
  removeItem = (name: string) => void this.kept.delete(name);
}

function opened(memory = new Memory(), first = hello()) {
  const server = new FakeServer();
  const bench = new Workbench(server.connect, memory);
  server.say(first);
  return { server, bench, memory };
}
const settled = () => vi.waitFor(() => Promise.resolve());
const shared = (revision: number, shifts: Record<string, number>) => ({ revision, shifts, what_ifs: [], case_digest: "c0" });
const shifts = (heard: Request[]) => heard.filter((one) => one.type === "shift").map((one) => one.type === "shift" && one.changes);

test("a burst of a hundred shifts ends on the last, here and at the server, whatever the other window did before", async () => {
  const { server, bench } = opened();
  for (let i = 1; i <= 100; i++) bench.shift({ war_cost: i / 100 });
  expect(bench.shifts).toEqual({ war_cost: 1 });
  server.say({ type: "shared", shared: shared(1, { war_cost: -2, relief: 0.5 }) });
  expect(bench.shifts).toEqual({ war_cost: 1, relief: 0.5 });
  server.say({ type: "shared", id: 1, shared: shared(2, { war_cost: 0.01, relief: 0.5 }) });
  expect(bench.shifts.war_cost).toBe(1);
  await settled();
  server.say({ type: "shared", id: 2, shared: shared(3, { war_cost: 1, relief: 0.5 }) });
  await settled();
  server.say({ type: "shared", shared: shared(4, { war_cost: -1 }) });
  expect(bench.shifts).toEqual({ war_cost: -1 });
  expect(shifts(server.heard)).toEqual([{ war_cost: 0.01 }, { war_cost: 1 }]);
});

test("a server that was started again gets the shared state back", async () => {
  const { server, bench } = opened();
  bench.shift({ war_cost: 1 });
  server.say({ type: "shared", id: 1, shared: shared(1, { war_cost: 1 }) });
  bench.edit("case: Other talks\n");
  server.say({ type: "typed", id: 2, revision: 1, unsaved: true });
  await settled();
  server.hangUp();
  server.heard.length = 0;
  bench.link.hurry();
  server.say(hello({ launch: "second" }));
  expect(server.heard).toMatchObject([
    { type: "shift", changes: { war_cost: 1 }, solve: true },
    { type: "edit", text: "case: Other talks\n", base: "d0" },
  ]);
  expect(bench.draft).toBe("case: Other talks\n");
});

test("what was typed survives a reload of the page, though the server has forgotten it, until it is saved", async () => {
  const { server, bench, memory } = opened();
  bench.edit("case: Mine\n");
  expect(memory.kept.size).toBe(1);
  const again = opened(memory, hello({ launch: "second", digest: "d1", text: { revision: 0, text: "case: Theirs\n", unsaved: false } }));
  expect(again.bench.draft).toBe("case: Theirs\n");
  expect([again.bench.offered?.text, memory.kept.size, again.server.heard]).toEqual(["case: Mine\n", 1, []]);
  again.bench.restoreOffer();
  expect([again.bench.draft, again.bench.offered]).toEqual(["case: Mine\n", null]);
  expect(again.server.heard).toMatchObject([{ type: "edit", text: "case: Mine\n", base: "d0" }]);
  server.say({ type: "typed", id: 1, revision: 1, unsaved: true });
  await settled();
  server.say({ type: "text", text: { revision: 2, text: "case: Mine\n", unsaved: false }, digest: "d2" });
  expect(memory.kept.size).toBe(0);
  expect(bench.unsaved).toBe(false);
});

test("text that is offered back and not wanted is forgotten", () => {
  const { bench, memory } = opened();
  bench.edit("case: Mine\n");
  const again = opened(memory, hello({ launch: "second" }));
  again.bench.discardOffer();
  expect([again.bench.offered, again.bench.draft, memory.kept.size]).toEqual([null, hello().text.text, 0]);
  expect(opened(memory, hello({ launch: "third" })).bench.offered).toBeNull();
});

test("text from another window does not wipe out what is being typed here", async () => {
  const { server, bench } = opened();
  bench.edit("case: A\n");
  server.say({ type: "text", text: { revision: 1, text: "case: B\n", unsaved: true }, digest: "d0" });
  expect(bench.draft).toBe("case: A\n");
  server.say({ type: "typed", id: 1, revision: 2, unsaved: true });
  await settled();
  server.say({ type: "text", text: { revision: 3, text: "case: C\n", unsaved: true }, digest: "d0" });
  expect(bench.draft).toBe("case: C\n");
});

test("a reset takes back moves that were not sent yet", async () => {
  const { server, bench } = opened();
  bench.shift({ a: 1 });
  bench.shift({ a: 2 });
  bench.tell({ type: "reset", what: "shifts" });
  expect(bench.shifts).toEqual({});
  server.say({ type: "shared", id: 1, shared: shared(1, { a: 1 }) });
  await settled();
  server.say({ type: "shared", id: 2, shared: shared(2, {}) });
  await settled();
  expect(bench.shifts).toEqual({});
  expect(shifts(server.heard)).toEqual([{ a: 1 }]);
});

test("an error message of the server is shown as it is", async () => {
  const { server, bench } = opened();
  bench.tell({ type: "refresh" });
  server.say({ type: "error", id: 1, message: "The text has problems; mend them first." });
  await settled();
  expect(bench.trouble).toBe("The text has problems; mend them first.");
});

test("an undo waits until what is typed is at the server, or it would undo something else", async () => {
  const { server, bench } = opened();
  bench.edit("case: Mine\n");
  void bench.undo();
  await settled();
  expect(server.heard.map((one) => one.type)).toEqual(["edit"]);
  server.say({ type: "typed", id: 1, revision: 1, unsaved: true });
  await vi.waitFor(() => expect(server.heard.map((one) => one.type)).toEqual(["edit", "undo"]));
});

test("until anything is solved, the page shows what the case says; then each answer as it is ready", () => {
  const { server, bench } = opened();
  const outline = { case: { title: "outline" }, interests: [], nodes: [] };
  server.say({ type: "outline", revision: 0, content: { case: "Talks" }, answers: outline, case_digest: "c0" } as never);
  expect(bench.document).toEqual(outline);
  expect(bench.content).toEqual({ case: "Talks" });
  server.say({ type: "partial", answers: { case: { title: "partial" } }, shifts: {}, text_revision: 0, case_digest: "c0" } as never);
  expect(bench.document?.case.title).toBe("partial");
  const solved = { case: { title: "solved" }, nodes: [], interests: [{ name: "gain", expected: 2 }], forecasts: ["f"] };
  server.say({ type: "answers", answers: solved, shifts: {}, text_revision: 0, case_digest: "c0" } as never);
  expect(bench.document?.case.title).toBe("solved");
  // A changed text: its diagram at once, the figures of what was solved.
  const later = { ...outline, interests: [{ name: "gain", expected: 0 }, { name: "new", expected: 0 }], nodes: ["n"] };
  server.say({ type: "outline", revision: 1, content: {}, answers: later, case_digest: "c1" } as never);
  expect(bench.document).toMatchObject({ case: { title: "outline" }, nodes: ["n"], interests: [{ expected: 2 }, { expected: 0 }], forecasts: ["f"] });
});
