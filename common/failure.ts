// A failure that a person can act on: what went wrong, with which object, what to do about it.
import { oneLine } from "./one-line.ts";
import type { Reason } from "./reasons.ts";

/**
 * Base of every error of ours, one subclass per boundary.
 * `reason` is the one CamelCase word that stands in log, Event, metric, condition and docs.
 */
export class Failure extends Error {
  readonly reason: Reason;

  constructor(reason: Reason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.reason = reason;
  }
}

/** The reason and message of anything that was thrown; what is no Failure of ours is `Unexpected`, its text in one line. */
export function failureOf(thrown: unknown): { reason: Reason; message: string } {
  if (thrown instanceof Failure) return { reason: thrown.reason, message: thrown.message };
  return { reason: "Unexpected", message: oneLine(textOf(thrown), 1000) };
}

function textOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === "object" ? Object.prototype.toString.call(thrown) : String(thrown);
}
