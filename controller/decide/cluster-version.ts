// The cluster's version: what ClusterVersion/version says about the release and whether it is settled.
import { type Decision, decided, refused } from "./decision.ts";

/** The fields of ClusterVersion `version` that are used; `history` is newest first, as its API says. */
export interface ClusterVersionFacts {
  history: readonly { state: string; version: string }[];
  desiredVersion: string | null;
  /** `status.desired.architecture`: `Multi` for a payload of several architectures, else absent. */
  architecture?: string | undefined;
}

export interface ClusterState {
  version: string;
}

/**
 * The version of a settled cluster. `ClusterUpdating` unless the newest history entry is Completed: while the cluster
 * is installed or upgraded, the ConfigMap of the boot images may be ahead of what new nodes can join with.
 */
export function clusterState(facts: ClusterVersionFacts | null): Decision<ClusterState> {
  const newest = facts?.history[0];
  if (facts === null || newest === undefined)
    return refused("ClusterUpdating", "ClusterVersion version has no history yet: templates wait for its first entry.");
  if (newest.state !== "Completed")
    return refused(
      "ClusterUpdating",
      `The cluster is on its way to ${newest.version} (${newest.state}): templates wait until it is Completed.`,
    );
  return decided({ version: newest.version });
}

/** Whether the payload is of several architectures, settled or not: then a MachineSet has to say its own. */
export function isMultiArch(facts: ClusterVersionFacts | null): boolean {
  return facts?.architecture === "Multi";
}

/** The version the cluster has or is on its way to, settled or not: what its operators may already run. */
export function newestVersion(facts: ClusterVersionFacts | null): string | null {
  return facts?.history[0]?.version ?? facts?.desiredVersion ?? null;
}

/** Whether `version` is at least `major.minor`; undefined when it cannot be read. Pre-releases count as their release. */
export function isAtLeast(version: string | null, major: number, minor: number): boolean | undefined {
  const match = /^(\d{1,4})\.(\d{1,4})\./.exec(version ?? "");
  if (!match) return undefined;
  const found = Number(match[1]);
  return found > major || (found === major && Number(match[2]) >= minor);
}
