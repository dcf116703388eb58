// The bell: remembers that something happened until somebody looks; many rings are one.
import { pause } from "./deadline.ts";

/** setTimeout's longest delay. */
const forEver = 2 ** 31 - 1;

export class Bell {
  #rung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Forgets earlier rings. */
  clear(): void {
    this.#rung = false;
  }

  /** True, and forgotten, as soon as it was rung; false when `milliseconds` have passed or the signal aborted. */
  async heard(signal: AbortSignal, milliseconds = forEver): Promise<boolean> {
    if (!this.#rung && !signal.aborted) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      await pause(AbortSignal.any([signal, woken.signal]), Math.min(milliseconds, forEver));
      this.#wake = null;
    }
    const rung = this.#rung;
    this.#rung = false;
    return rung;
  }
}
