// A deadline: the caller's abort signal, or a time limit, whichever comes first.
import { setTimeout as sleep } from "node:timers/promises";

/** A signal that aborts with the caller's signal or after `milliseconds`. */
export function deadline(signal: AbortSignal, milliseconds: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
}

/** Waits `milliseconds`; ends early, without an error, when the signal aborts. */
export async function pause(signal: AbortSignal, milliseconds: number): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
