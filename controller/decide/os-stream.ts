// The OS stream of a MachineSet: the major version of CoreOS that its machines are to follow.
import type { Labels } from "./label-selector.ts";

export const osStreamLabel = "machineconfiguration.openshift.io/osstream";

/** What the label names, e.g. rhel-10; null where there is none: then it is the cluster's default stream. */
export function osStream(labels: Labels): string | null {
  return labels[osStreamLabel] ?? null;
}

/** The Machine Config Operator knows one stream only, and passes over what follows another. */
export function isManageableByMCO(stream: string | null): boolean {
  return stream === null || stream === "rhel-9";
}
