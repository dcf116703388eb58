// The timeline of a simulation: what happens when, one after the other.

/** More than any course has: one that does not come to an end is a defect. */
const most = 100_000;

export class Timeline {
  now = 0;
  readonly #events: { at: number; what: () => void }[] = [];

  later(milliseconds: number, what: () => void): void {
    this.#events.push({ at: this.now + Math.max(0, milliseconds), what });
  }

  /** Lets happen what is to happen up to that time; `after` is called after each event. */
  run(until: number, after: () => void): void {
    for (let count = 0; count < most; count++) {
      this.#events.sort((a, b) => a.at - b.at);
      const next = this.#events[0];
      if (next === undefined || next.at > until) {
        this.now = until;
        return;
      }
      this.#events.shift();
      this.now = next.at;
      next.what();
      after();
    }
    throw new Error(`${most} events before ${until}: some loop never waits`);
  }
}
