// The lease of the leader: whether this contender may act, and what it has to do next about it.

/**
 * All in milliseconds. Whoever holds the lease stops to act when `renewal` have passed since it sent the last renewal that succeeded;
 * nobody else takes it before they have seen it unchanged for `duration`. So there is time between the two for an orderly end.
 */
export interface LeaseTimes {
  duration: number;
  renewal: number;
  /** Between two renewals, and between two looks of a contender that waits. */
  retry: number;
}

/** The lease as the API server showed it. */
export interface LeaseRecord {
  /** null: it was released. */
  holder: string | null;
  /** Differs after each write. */
  version: string;
  /** What its holder was promised, in milliseconds. */
  duration: number;
}

/**
 * What a contender knows. Every time is one of its own monotonic clock: how long a record stands unchanged is measured, and never
 * computed from the times in it, which are of somebody else's clock.
 */
export interface Candidacy {
  /** null: there is no lease; undefined: it was not looked at yet. */
  record: LeaseRecord | null | undefined;
  /** From when on it may be taken. */
  freeAt: number;
  /** When the last acquisition or renewal that succeeded was sent; null: this contender does not hold the lease. */
  heldSince: number | null;
  /** When the last write was tried. */
  triedAt: number;
}

export type LeaseMove =
  | { kind: "Acquire" | "Renew" }
  | { kind: "Wait"; milliseconds: number }
  /** It must not act any more. */
  | { kind: "Lost"; why: "Late" | "Taken" };

/** Before the first look. */
export const newCandidacy: Candidacy = {
  record: undefined,
  freeAt: Number.POSITIVE_INFINITY,
  heldSince: null,
  triedAt: Number.NEGATIVE_INFINITY,
};

/**
 * After an answer that came at `now` and showed this record. Any write counts as a sign of life. A lease that somebody deleted is not
 * free at once: its holder does not know yet.
 */
export function seen(candidacy: Candidacy, record: LeaseRecord | null, { self, now }: Moment): Candidacy {
  const before = candidacy.record;
  if (before !== undefined && before?.version === record?.version) return candidacy;
  const known = record ?? before ?? null;
  const isFree = known === null || known.holder === null || known.holder === self;
  // A race that was lost is no failure to wait after: the winner may give it back at once.
  const triedAt = candidacy.heldSince === null ? newCandidacy.triedAt : candidacy.triedAt;
  return { ...candidacy, record, triedAt, freeAt: isFree ? now : now + known.duration };
}

/** After a write that succeeded: it was sent at `sent`, and made this record. Its holder is this contender. */
export function held(candidacy: Candidacy, record: LeaseRecord, sent: number): Candidacy {
  return { ...candidacy, record, heldSince: sent, triedAt: sent };
}

/** After a write that was sent at `sent` and did not succeed, or nobody knows. */
export function tried(candidacy: Candidacy, sent: number): Candidacy {
  return { ...candidacy, triedAt: sent };
}

interface Moment {
  self: string;
  now: number;
}

/** What to do at `now`. */
export function nextMove(candidacy: Candidacy, { self, now }: Moment, times: LeaseTimes): LeaseMove {
  const { record, freeAt, heldSince, triedAt } = candidacy;
  const again = triedAt + times.retry / 5;
  if (heldSince === null) {
    if (record === undefined) return { kind: "Wait", milliseconds: times.retry / 5 };
    const due = Math.max(freeAt, again);
    if (now >= due) return { kind: "Acquire" };
    return { kind: "Wait", milliseconds: Math.min(times.retry, due - now) };
  }
  if (!mayAct(candidacy, now, times)) return { kind: "Lost", why: "Late" };
  if (record != null && record.holder !== self) return { kind: "Lost", why: "Taken" };
  const due = triedAt > heldSince ? again : heldSince + times.retry;
  if (now >= due) return { kind: "Renew" };
  return { kind: "Wait", milliseconds: Math.min(due, heldSince + times.renewal) - now };
}

/** Whether the contender holds the lease, as far as it can know at `now`. */
export function mayAct({ heldSince }: Pick<Candidacy, "heldSince">, now: number, { renewal }: LeaseTimes): boolean {
  return heldSince !== null && now - heldSince < renewal;
}

/** Up to when what was begun may be cleaned up: with something to spare for requests that are under way. */
export function lastMoment({ heldSince }: Pick<Candidacy, "heldSince">, { duration, renewal }: LeaseTimes): number {
  return (heldSince ?? Number.NEGATIVE_INFINITY) + renewal + (duration - renewal) * 0.8;
}
