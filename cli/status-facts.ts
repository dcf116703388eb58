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

/** What a controller is judged by. */
export interface ControllerFacts extends Pick<StatusFacts, "leader" | "now"> {
  /** null and undefined: not known, or nothing of it is shown. */
  policy: Pick<PolicyFacts, "generation" | "status"> | null | undefined;
}

/** What is said of a controller that does not work, or is behind; null: it is neither, or it is not known. */
export function controllerTrouble({ policy, leader, now }: ControllerFacts): string | null {
  if (leader !== null && isSilent(leader, now))
    return `No controller is at work: its Lease was last renewed ${age(leader.renewedAt, now)} ago. What it says below is of then.`;
  const seen = policy?.status?.observedGeneration;
  const generation = policy?.generation ?? null;
  if (seen === undefined || generation === null || seen >= generation) return null;
  return `The controller has not taken up the policy's last change yet (generation ${generation}, seen ${seen}): what it says below is of before.`;
}

function isSilent({ holder, renewedAt, duration }: LeaderFacts, now: number): boolean {
  return holder === "" || now - Date.parse(renewedAt) > Math.max(leastSilence, 4 * duration);
}
