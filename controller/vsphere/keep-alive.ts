// The keep-alive of a lease: vCenter is told how far the import is, and its answers tell whether the lease still stands.
import { pause } from "../../common/deadline.ts";
import type { Reference } from "./answer.ts";
import { element } from "./element.ts";
import { VimFault } from "./fault.ts";
import type { Session } from "./session.ts";

const callMilliseconds = 15_000;

/** In milliseconds. */
export interface Patience {
  /** Between two calls. */
  pause: number;
  /** Without a success, until the lease is given up. vCenter itself ends it after `leaseTimeout`, 300 s. */
  silence: number;
}

const usualPatience: Patience = { pause: 2000, silence: 120_000 };

export interface Keeping {
  on: Reference;
  percent: number;
  /** Ends the keep-alive. */
  done: AbortSignal;
  /** Aborted with a VimFault when the lease is lost. */
  lost: AbortController;
}

/** Keeps a lease, and with it the session, alive until it is done or lost. Never throws. */
export async function keepAlive(
  session: Pick<Session, "call" | "signal">,
  state: Keeping,
  patience: Patience = usualPatience,
): Promise<void> {
  const { on, lost } = state;
  const signal = AbortSignal.any([state.done, session.signal]);
  let heard = performance.now();
  for (;;) {
    await pause(signal, patience.pause);
    if (signal.aborted) return;
    const fields = [element("percent", state.percent)];
    try {
      await session.call("HttpNfcLeaseProgress", { on, fields, signal, milliseconds: callMilliseconds });
      heard = performance.now();
    } catch (thrown) {
      if (signal.aborted) return;
      const loss = lossOf(thrown, performance.now() - heard >= patience.silence);
      if (loss !== null) return lost.abort(loss);
    }
  }
}

/**
 * What a failed call says about the lease; null if it may still stand. HttpNfcLeaseProgress answers `Timedout` when the lease ran
 * out, `InvalidState` when it ended, and ManagedObjectNotFound when it was removed; the rest may be a bad moment of the line.
 */
export function lossOf(thrown: unknown, silentTooLong: boolean): unknown {
  if (!(thrown instanceof VimFault)) return thrown;
  if (thrown.reason === "SessionLost") return thrown;
  if (thrown.reason === "ObjectNotFound" || thrown.fault === "Timedout" || thrown.fault === "InvalidState") {
    return new VimFault("LeaseFailed", thrown.message, { cause: thrown });
  }
  return silentTooLong ? thrown : null;
}
