// The facts of `status`: what its screen and its advice are made from.
import { age } from "./age.ts";
import type { LeaderFacts } from "./read-leader.ts";
import type { NodeRow } from "./read-nodes.ts";
import type { PolicyFacts } from "./read-policy.ts";

export interface StatusFacts {
  policy: PolicyFacts;
  /** null: not asked for, or not allowed. */
  nodes: readonly NodeRow[] | null;
  /** null: not known. */
  leader: LeaderFacts | null;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Whether the policy's counts ask for the Nodes' names; a cluster in order is spared the listing. */
export function asksForNodes({ status }: PolicyFacts): boolean {
  const counts = status?.nodes;
  if (counts?.total === undefined) return true;
  return (counts.mismatch ?? 0) + (counts.unknown ?? 0) + (counts.updating ?? 0) > 0;
}

/** A clock that differs, and a leader that changes, are no news. */
const leastSilence = 60_000;

/** What is said of a controller that does not work; null: it does, or it is not known. */
export function controllerTrouble({ policy, leader, now }: StatusFacts): string | null {
  if (leader === null) return null;
  const silent = now - Date.parse(leader.renewedAt) > Math.max(leastSilence, 4 * leader.duration);
  if (silent || leader.holder === "")
    return `No controller is at work: its Lease was last renewed ${age(leader.renewedAt, now)} ago. All below is of then.`;
  const seen = policy.status?.observedGeneration;
  if (seen === undefined || policy.generation === null || seen >= policy.generation) return null;
  return `The controller has not taken up the policy's last change yet (generation ${policy.generation}, seen ${seen}).`;
}
