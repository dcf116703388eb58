// The candidate: what one process knows of the Lease, and how it looks at it, takes it and hears of it.
import { Bell } from "../common/bell.ts";
import { pause } from "../common/deadline.ts";
import { failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import type { LeaseObject, LeaseStore } from "./cluster/lease.ts";
import { type Candidacy, held, type LeaseTimes, newCandidacy, seen, tried } from "./decide/lease.ts";

export interface CandidateParts {
  store: LeaseStore;
  /** Of this process and no other: what is left of an earlier one of the same pod does not count as this one's. */
  identity: string;
  times: LeaseTimes;
  log: Log;
  /** Ends the store's requests. */
  end: AbortController;
}

/** A failure to reach the API server is logged, not thrown: what is known stands. */
export interface Candidate {
  candidacy: () => Candidacy;
  /** Who has the lease, as far as is known. */
  holder: () => string | null;
  look: () => Promise<void>;
  /** Tries to acquire the lease, or to renew it. */
  take: () => Promise<void>;
  release: () => Promise<void>;
  /** Resolves with true as soon as the lease has changed. */
  changed: (signal: AbortSignal, milliseconds: number) => Promise<boolean>;
  /** Watches the lease until the end: what is missed is seen at the next look. */
  watch: () => Promise<void>;
}

interface Memory {
  candidacy: Candidacy;
  /** As last read or written. */
  object: LeaseObject | null;
  bell: Bell;
  /** The last failure that was logged. */
  said: string;
}

/** Milliseconds: monotonic, so that nobody sets it, and it goes on while the process is stopped. */
export const now = () => performance.now();

export function createCandidate(parts: CandidateParts): Candidate {
  const memory: Memory = { candidacy: newCandidacy, object: null, bell: new Bell(), said: "" };
  return {
    candidacy: () => memory.candidacy,
    holder: () => memory.object?.record.holder ?? null,
    look: () => look(parts, memory),
    take: () => take(parts, memory),
    release: () => release(parts, memory),
    changed: (signal, milliseconds) => memory.bell.heard(signal, milliseconds),
    watch: () => watch(parts, memory),
  };
}

async function look(parts: CandidateParts, memory: Memory): Promise<void> {
  const { identity, store, log } = parts;
  const before = memory.object?.record.holder;
  await asking(parts, memory, async () => {
    memory.object = await store.read();
    memory.candidacy = seen(memory.candidacy, memory.object?.record ?? null, { self: identity, now: now() });
  });
  const holder = memory.object?.record.holder;
  if (holder != null && holder !== before && holder !== identity)
    log.info({ holder, identity }, "Another replica leads: this one follows.");
}

async function take(parts: CandidateParts, memory: Memory): Promise<void> {
  const sent = now();
  memory.candidacy = tried(memory.candidacy, sent);
  let raced = false;
  await asking(parts, memory, async () => {
    const object = await parts.store.take(memory.object, parts.identity);
    raced = object === null;
    if (object === null) return;
    memory.object = object;
    memory.candidacy = held(memory.candidacy, object.record, sent);
  });
  if (raced) await look(parts, memory);
}

async function release(parts: CandidateParts, memory: Memory): Promise<void> {
  let raced = false;
  const give = () =>
    asking(parts, memory, async () => {
      const { object } = memory;
      if (object?.record.holder !== parts.identity) return;
      raced = !(await parts.store.release(object));
      if (!raced) parts.log.info("The lease was given back.");
    });
  await give();
  if (!raced) return;
  // The answer to its own last renewal may have been lost.
  await look(parts, memory);
  await give();
}

async function asking({ log, end }: CandidateParts, memory: Memory, ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
    memory.said = "";
  } catch (error) {
    const { reason, message } = failureOf(error);
    if (message !== memory.said && !end.signal.aborted) log.warn({ reason }, `The lease: ${message}`);
    memory.said = message;
  }
}

/** A holder's own renewals are no news to it. */
async function watch({ store, identity, times, end, log }: CandidateParts, { bell }: Memory): Promise<void> {
  const changed = (holder: string | null) => {
    if (holder !== identity) bell.ring();
  };
  while (!end.signal.aborted) {
    await store.watch(changed).catch((error: unknown) => log.debug(failureOf(error), "The watch of the lease ended."));
    await pause(end.signal, Math.min(1_000, times.retry));
  }
}
