import { expect, test, vi } from "vitest";
import type { Answers, BottomLine } from "./answers";
import { DRAWS } from "../testing/closed_form";
import { FakeServer, hello } from "../testing/fake_server";
import { EachFrame } from "./each_frame";
import type { QuickMessage } from "./messages";
import { Shifting } from "./shifting.svelte";
import FORMATS from "../testing/formats.json";
import { Workbench } from "./workbench.svelte";

const value = (name: string) => ({ value: name, label: name, probability: 0.5, low: 0.3, high: 0.7, bounds: [0.5, 0.5], word: "roughly even chance", prior: 0.5, quantiles: [], histogram: [] });
const change = (name: string) => ({ value: name, label: name, before: 0.5, after: 0.55, difference: 0.05, low: 0.05, high: 0.05 });
const question = (name: string, sentence: string) => ({ name, asks: name, kind: "forecast" as const, sentences: [sentence], outcomes: ["outcome"], what_ifs: [] });
const bottomLine = (name: string, sentence: string) => ({ name, kind: "forecast" as const, title: name, sentence, because: "" }) as BottomLine;
const document = {
  bottom_lines: [bottomLine("next", "As written."), bottomLine("blame", "As written.")],
  answers: [question("next", "As written."), question("blame", "As written.")],
  certificate: { draws: 4096, effective_draws: 4096 },
  forecasts: [{ node: "outcome", title: "Outcome", values: [value("yes"), value("no")] }],
  what_ifs: [{ name: "push", outcomes: [{ node: "outcome", title: "Outcome", values: [change("yes"), change("no")] }] }],
  draws: DRAWS,
  vocabulary: FORMATS.vocabulary,
} as unknown as Answers;
const frame = () => new Promise((done) => requestAnimationFrame(done));

test("while no slider is moved, the forecasts are those of the document", () => {
  const space = new Shifting(() => document);
  expect(space.forecasts).toBe(document.forecasts);
  expect([space.effective, space.low, space.isReweighted]).toEqual([4096, false, false]);
});

test("a burst of a hundred inputs costs one frame and ends on the last", async () => {
  const space = new Shifting(() => document);
  for (let i = 1; i <= 100; i++) space.move("height", i / 100);
  expect(space.moved).toEqual([]);
  await frame();
  expect(space.shifts).toEqual({ height: 1 });
  const [yes] = space.forecasts[0]!.values;
  expect(yes!.probability).toBeCloseTo(0.6, 3);
  expect(yes!.word).toBe("likely");
  expect(yes!.prior).toBeCloseTo(0.6, 3);
  expect(yes!.histogram.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
});

test("a what-if is reweighted on both sides, and its difference stays paired", async () => {
  const space = new Shifting(() => document);
  space.move("height", 1);
  await frame();
  const [yes, no] = space.whatIfs[0]!.outcomes[0]!.values;
  expect(yes!.before).toBeCloseTo(0.6, 3);
  expect(yes!.after).toBeCloseTo(0.65, 3);
  for (const number of [yes!.difference, yes!.low, yes!.high, -no!.difference]) expect(number).toBeCloseTo(0.05, 3);
});

test("putting sliders back gives the document's own numbers back", async () => {
  const space = new Shifting(() => document);
  space.move("height", 1);
  space.move("other", -1);
  await frame();
  space.move("height", null);
  await frame();
  expect(space.moved).toEqual(["other"]);
  space.reset();
  expect(space.forecasts).toBe(document.forecasts);
});

test("too few draws are noticed", async () => {
  const space = new Shifting(() => document);
  space.move("height", 2.5);
  await frame();
  expect(space.effective).toBeLessThan(100);
  expect(space.low).toBe(true);
});

test("inputs of several sliders in one frame are all applied, a later one in the next", () => {
  const apply = vi.fn();
  const frames: (() => void)[] = [];
  const inputs = new EachFrame<number>(apply, (then) => frames.push(then));
  inputs.push("a", 1);
  inputs.push("b", 2);
  inputs.push("a", 3);
  frames.shift()!();
  inputs.push("a", 4);
  frames.shift()!();
  expect(apply.mock.calls).toEqual([[{ a: 3, b: 2 }], [{ a: 4 }]]);
  expect(frames).toEqual([]);
});

function atWork() {
  const server = new FakeServer();
  const bench = new Workbench(server.connect, undefined);
  server.say(hello());
  server.say({ type: "answers", answers: document, shifts: {}, text_revision: 0, case_digest: "c0" });
  return { server, space: new Shifting(() => document, bench), solve: vi.spyOn(bench, "solve") };
}
const solved = (shifts: Record<string, number>, more: Partial<QuickMessage> = {}): QuickMessage => ({
  type: "quick", shifts, text_revision: 0, case_digest: "c0", forecasts: [{ ...document.forecasts[0]!, title: "Solved" }], draws: DRAWS, answers: [question("next", "Solved.")], bottom_lines: [], what_ifs: [{ ...document.what_ifs[0]!, title: "Solved" }],
  certificate: { draws: 512, converged: 512, effective_draws: 500, left_out: 0 }, seconds: 0.3, complete: true, ...more,
});

test("the workbench learns of a moved slider; it need not solve while enough draws match", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { server, space, solve } = atWork();
  space.move("height", 0.5);
  await frame();
  expect(server.heard).toMatchObject([{ type: "shift", changes: { height: 0.5 }, solve: false }]);
  expect(space.forecasts[0]!.values[0]!.probability).toBeCloseTo(0.55, 3);
  vi.advanceTimersByTime(5000);
  expect(solve).not.toHaveBeenCalled();
  vi.useRealTimers();
});

test("where draws are too few, the workbench is asked to solve once the hand rests", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { space, solve } = atWork();
  for (const score of [2.3, 2.4, 2.5]) {
    space.move("height", score);
    await frame();
    vi.advanceTimersByTime(200);
  }
  expect(solve).not.toHaveBeenCalled();
  vi.advanceTimersByTime(400);
  expect(solve).toHaveBeenCalledOnce();
  vi.useRealTimers();
});

test("solved answers replace reweighted ones, what-ifs a moment later", async () => {
  const { server, space } = atWork();
  space.move("height", 0.5);
  await frame();
  server.say(solved({ height: 0.5 }, { complete: false, what_ifs: [] }));
  expect([space.isReweighted, space.effective, space.forecasts[0]!.title]).toEqual([false, 500, "Solved"]);
  expect(space.asked.map((one) => one.sentences[0])).toEqual(["Solved.", "As written."]);
  // The old what-ifs are still shown, reweighted to the sliders, and marked as old.
  expect(space.whatIfsAreOld).toBe(true);
  expect(space.whatIfs[0]!.outcomes[0]!.values[0]!.before).toBeCloseTo(0.55, 3);
  server.say(solved({ height: 0.5 }));
  expect([space.whatIfsAreOld, space.whatIfs[0]!.title]).toEqual([false, "Solved"]);
});

test("draws that were solved with a slider are reweighted from its position", async () => {
  const { server, space } = atWork();
  space.move("height", 0.5);
  await frame();
  server.say(solved({ height: 0.5 }));
  server.say({ type: "done", id: 1 });
  space.move("height", 0.7);
  await frame();
  expect(space.isReweighted).toBe(true);
  // The test's draws follow N(0, 1). Weighted by N(z; 0.7, 1/4) / N(z; 0.5, 1/4) they follow N(0.8, 1), so the mean moves by 0.8 × 0.1.
  expect(space.forecasts[0]!.values[0]!.probability).toBeCloseTo(0.58, 2);
});

test("a bottom line that was solved with other sliders is never shown as that of these", async () => {
  const { server, space } = atWork();
  const shown = () => space.lines.map(({ line, isOld }) => [line.sentence, isOld]);
  expect(shown()).toEqual([["As written.", false], ["As written.", false]]);
  space.move("height", 0.5);
  await frame();
  expect(shown()).toEqual([["As written.", true], ["As written.", true]]);
  // The forecast comes again with these sliders; the rest of the document does not.
  server.say(solved({ height: 0.5 }, { bottom_lines: [bottomLine("next", "Solved.")] }));
  expect(shown()).toEqual([["Solved.", false], ["As written.", true]]);
  server.say({ type: "done", id: 1 });
  space.move("height", 0.7);
  await frame();
  expect(shown()).toEqual([["Solved.", true], ["As written.", true]]);
});

test("without a workbench the lines are old as soon as a slider moves, and current once it is back", async () => {
  const space = new Shifting(() => document);
  space.move("height", 1);
  await frame();
  expect(space.lines.every(({ isOld }) => isOld)).toBe(true);
  space.reset();
  expect(space.lines.some(({ isOld }) => isOld)).toBe(false);
});
