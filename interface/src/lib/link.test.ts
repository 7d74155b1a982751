import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { address, KEY_REFUSED, Link, Newest, Refused, type LineState } from "./link";
import { FakeServer, hello } from "../testing/fake_server";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function opened(server: FakeServer) {
  const states: LineState[] = [];
  const restarts: boolean[] = [];
  const link = new Link(
    { message: () => undefined, state: (state) => states.push(state), greeted: (_, restarted) => restarts.push(restarted) },
    server.connect,
  );
  return { link, states, restarts };
}

test("a request is resolved by the message that carries its number, and by no other", async () => {
  const server = new FakeServer();
  const { link } = opened(server);
  server.say(hello());
  const one = link.ask({ type: "solve" });
  const other = link.ask({ type: "refresh" });
  const [first, second] = server.heard;
  server.say({ type: "done", id: second!.id });
  server.say({ type: "error", id: first!.id, message: "There is nothing to solve." });
  await expect(other).resolves.toMatchObject({ type: "done" });
  await expect(one).rejects.toThrow(Refused);
});

test("a broken line comes back by itself, waits longer each time, and asks again what was not answered", async () => {
  const server = new FakeServer();
  const { link, states, restarts } = opened(server);
  server.say(hello());
  const asked = link.ask({ type: "solve" });
  server.hangUp();
  expect(link.state).toBe("waiting");
  vi.advanceTimersByTime(250);
  server.hangUp();
  vi.advanceTimersByTime(499);
  expect(server.calls).toBe(2);
  vi.advanceTimersByTime(1);
  expect(server.calls).toBe(3);
  server.heard.length = 0;
  server.say(hello({ launch: "second" }));
  expect(restarts).toEqual([false, true]);
  expect(server.heard).toMatchObject([{ type: "solve", id: 1 }]);
  server.say({ type: "done", id: 1 });
  await expect(asked).resolves.toMatchObject({ type: "done" });
  expect(states).toEqual(["open", "waiting", "open"]);
});

test("a page whose key is not known does not knock on and on", () => {
  const server = new FakeServer();
  const { link } = opened(server);
  server.hangUp(KEY_REFUSED);
  vi.advanceTimersByTime(60_000);
  expect(link.state).toBe("refused");
  expect(server.calls).toBe(1);
});

test("a burst of a hundred inputs costs two messages and ends on the last", async () => {
  const sent: number[] = [];
  let answer: () => void = () => undefined;
  const newest = new Newest<number>((change) => { sent.push(change); return new Promise<void>((done) => { answer = done; }); }, (_, later) => later);
  for (let i = 1; i <= 100; i++) newest.push(i);
  expect(newest.unsent).toEqual([1, 100]);
  answer();
  await vi.runAllTimersAsync();
  answer();
  await vi.runAllTimersAsync();
  expect(sent).toEqual([1, 100]);
  expect(newest.unsent).toEqual([]);
});

test("the socket is below the page of the case", () => {
  expect(address({ protocol: "http:", host: "127.0.0.1:8765", pathname: "/case/a1/" })).toBe("ws://127.0.0.1:8765/case/a1/live");
  expect(address({ protocol: "https:", host: "box:1", pathname: "/" })).toBe("wss://box:1/live");
});
