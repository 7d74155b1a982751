import { expect, test, vi } from "vitest";
import { ask, fileName } from "./ask";

const answering = (body: unknown, status = 200) => vi.fn(async () => new Response(JSON.stringify(body), { status })) as unknown as typeof fetch;

test("a request is posted, and what cannot be done is told in the server's words", async () => {
  const send = answering({ type: "opened", address: "/case/a1/" });
  expect((await ask({ do: "open", case: "talks.yaml" }, "opened", send)).address).toBe("/case/a1/");
  expect(send).toHaveBeenCalledWith("/start", expect.objectContaining({ method: "POST", body: '{"do":"open","case":"talks.yaml"}' }));
  await expect(ask({ do: "look" }, "start", answering({ type: "start_error", message: "There is no file <b>." }))).rejects.toThrow("There is no file <b>.");
});

test("a server that is gone, or does not know the key, is told apart", async () => {
  const gone = vi.fn(async () => { throw new TypeError("network"); }) as unknown as typeof fetch;
  await expect(ask({ do: "look" }, "start", gone)).rejects.toThrow("does not answer");
  await expect(ask({ do: "look" }, "start", answering({}, 403))).rejects.toThrow("key of this page");
});

test("a title becomes a name that every system can hold", () => {
  expect(fileName("A swap: Minsk & Vilnius, 2025")).toBe("a-swap-minsk-vilnius-2025.yaml");
  expect(fileName("Überfall / Запад")).toBe("uberfall-запад.yaml");
  expect(fileName("../..")).toBe("case.yaml");
  expect(fileName("\u202e\u0000")).toBe("case.yaml");
});
