// How answers stand to the text and the sliders, and what is shown while they are not those of the desk.
import { expect, test, vi } from "vitest";
import { FakeServer, hello } from "../testing/fake_server";
import { movable } from "../testing/movable";
import type { AnswersMessage, QuickMessage, Shifts } from "./messages";
import { Shifting } from "./shifting.svelte";
import { Workbench } from "./workbench.svelte";

const DOCUMENT = movable();
const moved = (shifts: Shifts) => Object.entries(shifts).map(([parameter, score]) => ({ parameter, label: parameter, unit: "", score, median: 0, low: 0, high: 0, median_as_written: 0 }));
const full = (shifts: Shifts, of = "c0"): AnswersMessage => ({
  type: "answers", answers: { ...DOCUMENT, run: { ...DOCUMENT.run, sliders: moved(shifts), moved: Object.keys(shifts).length ? "Solved with sliders." : "" } }, shifts, text_revision: 0, case_digest: of,
});
const quick = (shifts: Shifts, of = "c0", complete = true): QuickMessage => ({
  type: "quick", shifts, text_revision: 0, case_digest: of, forecasts: DOCUMENT.forecasts, draws: DOCUMENT.draws!, answers: [], bottom_lines: [], what_ifs: [], certificate: { draws: 512, converged: 512, effective_draws: 500, left_out: 0 }, seconds: 0.1, complete,
});
const shared = (shifts: Shifts, of = "c0") => ({ type: "shared" as const, shared: { revision: 1, shifts, what_ifs: [], case_digest: of } });
const settled = () => vi.waitFor(() => Promise.resolve());

function opened() {
  const server = new FakeServer();
  const bench = new Workbench(server.connect, undefined);
  server.say(hello());
  server.say(full({}));
  return { server, bench, space: new Shifting(() => bench.answers!.answers, bench) };
}

test("solved with a slider and the slider put back: nothing is up to date until the case has its own answers again", () => {
  const { server, bench, space } = opened();
  expect([bench.standing, bench.isCurrent]).toEqual(["current", true]);
  server.say(shared({ height: 2 }));
  expect([bench.standing, bench.isCurrent]).toEqual(["reweighted", false]);
  server.say(quick({ height: 2 }));
  expect(bench.standing).toBe("partly");
  server.say(full({ height: 2 }));
  expect([bench.standing, bench.isCurrent]).toEqual(["current", true]);
  server.say(shared({}));
  expect([bench.standing, space.isReweighted]).toEqual(["reweighted", true]);
  server.say(quick({}, "c0", false));
  expect(bench.standing).toBe("what-ifs follow");
  server.say(quick({}));
  expect([bench.standing, bench.isCurrent]).toEqual(["partly", false]);
  server.say(full({}));
  expect([bench.standing, bench.isCurrent]).toEqual(["current", true]);
});

test("a text with problems, one that is being checked, and one that is not solved yet are not what the answers are to", async () => {
  const { server, bench } = opened();
  bench.edit("case: Talk\n");
  expect([bench.standing, bench.isCurrent]).toEqual(["checking", false]);
  server.say({ type: "typed", id: 1, revision: 1, unsaved: true });
  await settled();
  expect(bench.standing).toBe("checking");
  server.say({ type: "checked", checked: { revision: 1, problems: [{ line: 1, column: 1, message: "no", path: [] }], warnings: [] } });
  expect([bench.standing, bench.isCurrent]).toEqual(["invalid", false]);
  bench.edit("case: Talks again\n");
  server.say({ type: "typed", id: 2, revision: 2, unsaved: true });
  await settled();
  expect(bench.standing).toBe("invalid");
  server.say(shared({}, "c1"));
  server.say({ type: "checked", checked: { revision: 2, problems: [], warnings: [] } });
  expect([bench.standing, bench.isCurrent]).toEqual(["other case", false]);
  server.say(quick({}, "c1"));
  expect(bench.standing).toBe("partly");
  server.say(full({}, "c1"));
  expect(bench.standing).toBe("current");
});

test("after sliders were saved the numbers stay where they were until the saved case is solved", () => {
  const { server, bench, space } = opened();
  const chance = () => space.forecasts[0]!.values[0]!.probability;
  server.say(shared({ height: 1 }));
  const before = chance();
  expect(before).toBeCloseTo(0.6, 2);
  server.say(shared({}, "c1"));
  expect([chance(), space.moved, bench.standing]).toEqual([before, [], "other case"]);
  server.say(quick({}, "c1"));
  expect([chance(), space.isReweighted]).toEqual([0.5, false]);
});

test("the same after they were solved, in a window that was opened later too", () => {
  const { server, space } = opened();
  server.say(shared({ height: 1 }));
  server.say(quick({ height: 1 }));
  server.say(shared({}, "c1"));
  expect(space.isReweighted).toBe(false);
  const late = new FakeServer();
  const bench = new Workbench(late.connect, undefined);
  late.say(hello({ shared: shared({}, "c1").shared }));
  late.say(full({}));
  late.say(quick({ height: 1 }));
  const other = new Shifting(() => bench.answers!.answers, bench);
  expect([other.isReweighted, bench.standing]).toEqual([false, "other case"]);
});

test("a document that was solved with a slider opens with the slider there, and is reweighted from there", async () => {
  const answers = full({ height: 1 }).answers;
  const space = new Shifting(() => answers);
  expect([space.shifts, space.isReweighted]).toEqual([{ height: 1 }, false]);
  expect(space.forecasts).toBe(answers.forecasts);
  space.reset();
  expect([space.shifts, space.isReweighted]).toEqual([{}, true]);
});

test("a custom what-if of another case or of other sliders is marked as old", () => {
  const { server, space } = opened();
  expect(space.isOld({ case_digest: "c0", shifts: {} })).toBe(false);
  server.say(shared({ height: 1 }));
  expect(space.isOld({ case_digest: "c0", shifts: {} }), "reweighted like everything else").toBe(false);
  server.say(quick({ height: 1 }));
  expect(space.isOld({ case_digest: "c0", shifts: {} })).toBe(true);
  expect(space.isOld({ case_digest: "c1", shifts: { height: 1 } })).toBe(true);
});

test("text that is put away for the file can be taken up again, and is offered after a reload", async () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, text: string) => void kept.set(name, text), removeItem: (name: string) => void kept.delete(name) };
  const server = new FakeServer();
  const bench = new Workbench(server.connect, storage);
  server.say(hello());
  bench.edit("case: Mine\n");
  server.say({ type: "typed", id: 1, revision: 1, unsaved: true });
  await settled();
  bench.tell({ type: "reset", what: "text" });
  server.say({ type: "text", text: { revision: 2, text: "case: Talks\n", unsaved: false }, digest: "d0" });
  expect([bench.draft, bench.offered?.text, kept.size]).toEqual(["case: Talks\n", "case: Mine\n", 1]);
  bench.restoreOffer();
  expect([bench.draft, bench.offered]).toEqual(["case: Mine\n", null]);
  expect(server.heard.at(-1)).toMatchObject({ type: "edit", text: "case: Mine\n" });
});
