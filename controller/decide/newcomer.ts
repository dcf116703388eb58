// The newcomer: a new Machine, followed from its creation until its Node is Verified, or until it is clear that it will not be.
import type { Verdict } from "./verdict.ts";

export interface NewcomerFacts {
  /** `status.phase` of the Machine. */
  phase: string | undefined;
  /** `metadata.creationTimestamp`, RFC 3339. */
  createdAt: string;
  /** Whether the Machine has a Node. */
  joined: boolean;
  /** Of its Node, as published; undefined while there is none. */
  verdict: Verdict["verdict"] | undefined;
  /** What stood on its Node when the controller first saw the Machine: nothing after a first installation. */
  found: { verdict: boolean; bootImageCheck: boolean };
  /** Whether this is the first time that the controller sees it. */
  first: boolean;
}

/** `Settled`: it need not be followed any more. */
export type Outcome = "Underway" | "Settled" | "Verified" | "Failed" | "NotInTime" | "Mismatch";

/**
 * How a Machine stands that is not settled yet. A Machine that is older than the deadline when it is first seen was new at
 * another time: it counts as late only where it has no Node still, or where an earlier controller never got to judge it.
 * `deadline` and `now` in milliseconds.
 */
export function outcomeOf(facts: NewcomerFacts, { deadline, now }: { deadline: number; now: number }): Outcome {
  const { phase, verdict, joined, found, first } = facts;
  const late = now - Date.parse(facts.createdAt) >= deadline;
  if (phase === "Failed") return "Failed";
  if (phase === "Deleting") return "Settled";
  if (late && first && joined && (!found.verdict || found.bootImageCheck)) return "Settled";
  if (verdict === "Verified") return "Verified";
  // Windows, or another host that is not judged.
  if (verdict === null) return "Settled";
  if (verdict === "Mismatch") return "Mismatch";
  return late ? "NotInTime" : "Underway";
}
