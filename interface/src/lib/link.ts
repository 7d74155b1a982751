// The connection to `backchannel serve`: every request is answered, and a lost connection is opened again.
//
// Sliders and text are sent in bursts. Only one request of each kind is on its way at a time; later inputs wait and are
// merged, so a burst costs a few messages and always ends on its last input. Requests without an answer are sent again
// after a lost connection is back.
import type { FromServer, HelloMessage, Request } from "./messages";

export type LineState =
  | "connecting"
  | "open"
  /** Lost; tried again automatically. */
  | "waiting"
  /** The key of this page is not valid (any more): the user needs a new link. */
  | "refused";

/** The close code for a key that is not valid. */
export const KEY_REFUSED = 4401;
const FIRST_WAIT = 250;
const LONGEST_WAIT = 5_000;

export interface Handlers {
  /** Every message, answers to requests included, in the order in which the server sent them. */
  message: (message: FromServer) => void;
  state: (state: LineState) => void;
  /** The server has greeted; `restarted`: it is not the one that greeted before. */
  greeted?: (hello: HelloMessage, restarted: boolean) => void;
}

/** A request before it is sent; the link gives it its number. */
export type Unnumbered = Request extends infer One ? (One extends Request ? Omit<One, "id"> : never) : never;
export type Answer<Type extends FromServer["type"]> = Extract<FromServer, { type: Type }>;
type Socket = Pick<WebSocket, "send" | "close" | "onopen" | "onmessage" | "onclose">;

interface Open {
  sent: Request;
  resolve: (message: FromServer) => void;
  reject: (error: Error) => void;
}

/** An error message of the server. */
export class Refused extends Error {}

export class Link {
  state: LineState = "connecting";
  /** Milliseconds until the next try. */
  wait = FIRST_WAIT;
  #socket: Socket | null = null;
  #open = new Map<number, Open>();
  #last = 0;
  #launch = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(
    private readonly handlers: Handlers,
    private readonly connect: () => Socket = () => new WebSocket(address()),
  ) {
    this.#begin();
  }

  /** Send a request and wait for what answers it; rejected with the server's words where it cannot be done. */
  ask(request: Unnumbered): Promise<FromServer> {
    const sent: Request = { ...request, id: ++this.#last };
    return new Promise((resolve, reject) => {
      this.#open.set(sent.id, { sent, resolve, reject });
      if (this.state === "open") this.#socket?.send(JSON.stringify(sent));
    });
  }

  /** Try again at once instead of waiting. */
  hurry(): void {
    if (this.state !== "waiting") return;
    clearTimeout(this.#timer);
    this.#begin();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #begin(): void {
    this.#to(this.state === "waiting" ? "waiting" : "connecting");
    const socket = this.connect();
    this.#socket = socket;
    socket.onmessage = (event: MessageEvent) => this.#take(JSON.parse(String(event.data)) as FromServer);
    socket.onclose = (event: CloseEvent) => {
      if (this.#socket !== socket || this.#closed) return;
      if (event.code === KEY_REFUSED) return this.#to("refused");
      this.#to("waiting");
      this.#timer = setTimeout(() => this.#begin(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    };
  }

  #take(message: FromServer): void {
    if (message.type === "hello") this.#greet(message);
    const id = "id" in message ? message.id : undefined;
    const open = id === undefined ? undefined : this.#open.get(id);
    if (open) this.#open.delete(open.sent.id);
    this.handlers.message(message);
    if (message.type === "error") open?.reject(new Refused(message.message));
    else open?.resolve(message);
  }

  #greet(hello: HelloMessage): void {
    this.wait = FIRST_WAIT;
    const restarted = this.#launch !== "" && this.#launch !== hello.launch;
    this.#launch = hello.launch;
    // The handler's requests go first: they restore the state that the interrupted requests build on.
    const cut = [...this.#open.values()];
    this.#to("open");
    this.handlers.greeted?.(hello, restarted);
    for (const { sent } of cut) this.#socket?.send(JSON.stringify(sent));
  }

  #to(state: LineState): void {
    if (state === this.state) return;
    this.state = state;
    this.handlers.state(state);
  }
}

/** The address of the server: the same host and port as the page. */
export function address(place: Pick<Location, "protocol" | "host"> = location): string {
  return `${place.protocol === "https:" ? "wss" : "ws"}://${place.host}/live`;
}

/** Sends inputs that come in bursts: one request at a time; later inputs are merged into the next one. */
export class Newest<Change> {
  #waiting: Change | undefined;
  #busy: Change | undefined;
  #run: Promise<void> = Promise.resolve();

  constructor(
    private readonly send: (change: Change) => Promise<unknown>,
    private readonly merge: (earlier: Change, later: Change) => Change,
    private readonly failed: (error: Error) => void = () => undefined,
  ) {}

  /** What the server has not confirmed yet, oldest first. */
  get unsent(): Change[] {
    return [this.#busy, this.#waiting].filter((one) => one !== undefined);
  }

  push(change: Change): void {
    this.#waiting = this.#waiting === undefined ? change : this.merge(this.#waiting, change);
    if (this.#busy === undefined) this.#run = this.#next();
  }

  /** Resolves once the server has answered everything that was pushed. */
  get sent(): Promise<void> {
    return this.#run;
  }

  /** Forget what has not been sent yet. */
  drop(): void {
    this.#waiting = undefined;
  }

  async #next(): Promise<void> {
    while (this.#waiting !== undefined) {
      this.#busy = this.#waiting;
      this.#waiting = undefined;
      try {
        await this.send(this.#busy);
      } catch (error) {
        this.failed(error as Error);
      } finally {
        this.#busy = undefined;
      }
    }
  }
}
