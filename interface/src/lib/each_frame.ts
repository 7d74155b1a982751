// Inputs that come faster than the screen is painted: one frame applies what came last, of each thing.

export class EachFrame<Change> {
  #waiting: Record<string, Change> | null = null;

  constructor(
    private readonly apply: (changes: Record<string, Change>) => void,
    private readonly schedule: (then: () => void) => void = nextFrame,
  ) {}

  push(name: string, change: Change): void {
    const isFirst = this.#waiting === null;
    this.#waiting = { ...this.#waiting, [name]: change };
    if (isFirst) this.schedule(() => this.flush());
  }

  /** Apply what waits now. */
  flush(): void {
    const changes = this.#waiting;
    this.#waiting = null;
    if (changes) this.apply(changes);
  }

  drop(): void {
    this.#waiting = null;
  }
}

// A page that cannot be seen is painted no frames, but is to end on its last input too.
function nextFrame(then: () => void): void {
  if (document.hidden) setTimeout(then);
  else requestAnimationFrame(then);
}
