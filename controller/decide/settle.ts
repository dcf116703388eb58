// The patience before a Mismatch is published: two evaluations, some time apart, must agree.
import type { Verdict } from "./verdict.ts";

export interface Candidate {
  /** What the evaluations must agree on. */
  candidate: string;
  /** Milliseconds: when it was first seen. */
  since: number;
}

export interface Settled {
  /** null: what stands on the Node stays. */
  publish: Verdict | null;
  /** To be given as `previous` at the next evaluation of this node. */
  keep: Candidate | null;
  /** Milliseconds until it is worth to evaluate again; null when nothing is pending. */
  again: number | null;
}

/** Anything but a Mismatch is published at once; a Mismatch when the same one was seen `confirmAfterMs` ago. */
export function settle(
  previous: Candidate | null,
  verdict: Verdict,
  { now, confirmAfterMs }: { now: number; confirmAfterMs: number },
): Settled {
  if (verdict.verdict !== "Mismatch") return { publish: verdict, keep: null, again: null };
  const candidate = `${verdict.reason} ${verdict.osDigest} ${verdict.bootImage}`;
  const keep = previous?.candidate === candidate ? previous : { candidate, since: now };
  const left = keep.since + confirmAfterMs - now;
  return left > 0 ? { publish: null, keep, again: left } : { publish: verdict, keep, again: null };
}
