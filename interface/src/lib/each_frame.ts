// Inputs can come faster than the screen is painted: once per frame, the last input of each kind is applied.

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

  /** Apply the waiting inputs now. */
  flush(): void {
    const changes = this.#waiting;
    this.#waiting = null;
    if (changes) this.apply(changes);
  }

  drop(): void {
    this.#waiting = null;
  }
}

// A hidden page gets no frames, but its last input must be applied too.
function nextFrame(then: () => void): void {
  if (document.hidden) setTimeout(then);
  else requestAnimationFrame(then);
}
