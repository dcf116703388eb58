// The shared login: made when first needed, by one for all who wait, and again after it was lost.
import { setTimeout as sleep } from "node:timers/promises";
import { deadline } from "../../common/deadline.ts";
import { failureOf } from "../../common/failure.ts";
import { VimFault } from "./fault.ts";

export interface SharedLogin<Login> {
  /** The login that holds, or a new one. Throws VimFault: what the login throws, Interrupted, SessionLost after the end. */
  current(signal: AbortSignal): Promise<Login>;
  /** Says that vCenter does not know this login any more: the next who asks makes a new one. */
  lose(login: Login): void;
  /** Whether a login was made and neither lost nor ended. */
  isHeld(): boolean;
  /** Allows no more logins; resolves with the one to log out of, or null. Never throws. */
  end(): Promise<Login | null>;
}

const loginMilliseconds = 60_000;
/** A login that is under way at the end is waited for: vCenter may have opened the session already. */
const endMilliseconds = 5_000;
/** A vCenter locks an account after some wrong passwords. */
const refusalMilliseconds = 300_000;

/**
 * Makes it out of `login`, whose signal is not that of whoever asks first: others wait, too. `what` names it in messages. A
 * LoginRefused stands for `rest` milliseconds, 5 min if left out: so long nothing is tried.
 */
export function sharedLogin<Login>(
  what: string,
  login: (signal: AbortSignal) => Promise<Login>,
  rest: number = refusalMilliseconds,
): SharedLogin<Login> {
  const stop = new AbortController();
  let ended = false;
  let pending: Promise<Login> | null = null;
  let held: Login | null = null;
  let refusedAt: number | null = null;
  const begin = () => {
    refusedAt = null;
    const begun = login(deadline(stop.signal, loginMilliseconds));
    pending = begun;
    begun.then(
      (made) => {
        held = made;
      },
      (thrown: unknown) => {
        if (failureOf(thrown).reason === "LoginRefused") refusedAt = performance.now();
        else pending = null;
      },
    );
    return begun;
  };
  return {
    current: async (signal) => {
      if (ended) throw new VimFault("SessionLost", `${what}: the session was closed.`);
      if (signal.aborted) throw interrupted(what);
      const rested = refusedAt !== null && performance.now() - refusedAt >= rest;
      return await waitFor(pending === null || rested ? begin() : pending, signal, what);
    },
    lose: (lost) => {
      if (held !== lost) return;
      held = null;
      pending = null;
    },
    isHeld: () => held !== null && !ended,
    end: async () => {
      ended = true;
      const last = pending?.catch(() => null) ?? null;
      const over = new AbortController();
      const late = sleep(endMilliseconds, null, { signal: over.signal }).catch(() => null);
      const ending = await Promise.race([last, late]);
      over.abort();
      stop.abort();
      return ending;
    },
  };
}

async function waitFor<Value>(work: Promise<Value>, signal: AbortSignal, what: string): Promise<Value> {
  return await new Promise((resolve, reject) => {
    const leave = () => reject(interrupted(what));
    signal.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}

function interrupted(what: string): VimFault {
  return new VimFault("Interrupted", `${what} was interrupted.`);
}
