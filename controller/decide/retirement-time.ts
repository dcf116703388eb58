// The time for retirement: templates go only while nothing else is to be done.
import type { BootImageTarget } from "./boot-image.ts";
import type { Decision } from "./decision.ts";
import type { MachineSetState } from "./machine-set-state.ts";

export interface RetirementTimeInput {
  mode: "Observe" | "Manage";
  target: Decision<BootImageTarget>;
  machineSets: readonly Pick<MachineSetState, "managedBy" | "state">[];
  steps: readonly unknown[];
  /** Whether a vCenter could not be asked. */
  failed: boolean;
}

/**
 * Manage mode, a settled cluster, and every MachineSet that bootwarden manages (at least one) at the target: an older
 * template is not missed before the way to the new one has been gone to its end.
 */
export function isTimeToRetire({ mode, target, machineSets, steps, failed }: RetirementTimeInput): boolean {
  const managed = machineSets.filter(({ managedBy }) => managedBy === "Bootwarden");
  const atRest = steps.length === 0 && managed.length > 0 && managed.every(({ state }) => state === "UpToDate");
  return mode === "Manage" && target.ok && !failed && atRest;
}
