// The decision: a value, or the reason why there is none.
import type { Reason } from "../../common/reasons.ts";

export interface Refusal {
  ok: false;
  reason: Reason;
  /** What, which object, and what to do. */
  message: string;
}

/** What a pure function of this folder answers where it may have no value: bad input is an answer, never a throw. */
export type Decision<T> = { ok: true; value: T } | Refusal;

export function decided<T>(value: T): Decision<T> {
  return { ok: true, value };
}

export function refused(reason: Reason, message: string): Refusal {
  return { ok: false, reason, message };
}
