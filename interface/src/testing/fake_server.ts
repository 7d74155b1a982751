// For tests: the other end of a link, in memory.
import { PROTOCOL, type FromServer, type HelloMessage, type Request } from "../lib/messages";

type Socket = Pick<WebSocket, "send" | "close" | "onopen" | "onmessage" | "onclose">;

export class FakeServer {
  heard: Request[] = [];
  calls = 0;
  #socket: Socket | null = null;

  readonly connect = (): Socket => {
    this.calls += 1;
    this.#socket = { onopen: null, onmessage: null, onclose: null, close: () => undefined, send: (text) => void this.heard.push(JSON.parse(String(text)) as Request) };
    return this.#socket;
  };

  say(message: FromServer): void {
    this.#socket?.onmessage?.call(this.#socket as WebSocket, { data: JSON.stringify(message) } as MessageEvent);
  }

  hangUp(code = 1006): void {
    this.#socket?.onclose?.call(this.#socket as WebSocket, { code } as CloseEvent);
  }
}

export function hello(changed: Partial<HelloMessage> = {}): HelloMessage {
  return {
    type: "hello", protocol: PROTOCOL, version: "0", launch: "first",
    case: { name: "talks", title: "Talks", path: "talks.yaml", editable: true, save_as: "talks.yaml", address: "/case/talks/", draws: 64, seed: 0 },
    shared: { revision: 0, shifts: {}, what_ifs: [], case_digest: "c0" },
    text: { revision: 0, text: "case: Talks\n", unsaved: false },
    digest: "d0",
    checked: { revision: 0, problems: [], warnings: [] },
    file: { state: "same", note: "", choices: [] },
    status: { state: "idle", job: null, stage: "", done: 0, total: 0, place: "", note: "" },
    history: { undo: null, redo: null, n_undo: 0, n_redo: 0, difference: "" },
    ...changed,
  };
}
