// The cluster's objects that the boot image of every MachineSet depends on: all of them readable, or nothing is moved.
import { type Refusal, refused } from "./decision.ts";

export interface ClusterObjects {
  /** `Kind/name` to what is wrong with it. */
  unreadable: ReadonlyMap<string, string>;
  /** null: there is no Infrastructure/cluster. */
  infrastructureName: string | null;
}

/**
 * Why nothing may be moved; undefined when all is well. An object that cannot be read says nothing, and what the code
 * takes for "nothing said" (e.g. that nobody else manages the MachineSets) would then be a guess.
 */
export function clusterObjectsRefusal({ unreadable, infrastructureName }: ClusterObjects): Refusal | undefined {
  const mistakes = [...unreadable].map(([object, message]) => `${object} cannot be read (${message})`);
  if (infrastructureName === null && !unreadable.has("Infrastructure/cluster"))
    mistakes.push("Infrastructure/cluster is missing");
  if (mistakes.length === 0) return undefined;
  return refused("ClusterObjectInvalid", `${mistakes.join("; ")}: templates wait until that is mended.`);
}
