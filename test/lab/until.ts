// A wait for something that comes true in its own time.
import { pause } from "../../common/deadline.ts";
import type { Child } from "./child.ts";
import { LabError } from "./lab-error.ts";

interface Wait {
  signal: AbortSignal;
  /** What is waited for, as it stands in the error. */
  what: string;
  /** milliseconds, default 30,000 */
  within?: number;
  /** milliseconds between two looks, default 100 */
  every?: number;
  /** The servers that must live for it to come true. */
  of?: Child[];
}

/** The first value of `look` that is neither undefined nor false; a look that throws counts as not yet. */
export async function until<T>(wait: Wait, look: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + (wait.within ?? 30_000);
  let last: unknown;
  while (Date.now() < end) {
    wait.signal.throwIfAborted();
    const dead = wait.of?.find((child) => !child.running());
    if (dead !== undefined)
      throw new LabError(`${wait.what}: ${dead.name} ended, see ${dead.logFile}.`, { cause: last });
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
    } catch (error) {
      last = error;
    }
    await pause(wait.signal, wait.every ?? 100);
  }
  const seen = last instanceof Error ? ` Last seen: ${last.message}` : "";
  throw new LabError(`${wait.what}: not within ${(wait.within ?? 30_000) / 1000} s.${seen}`, { cause: last });
}
