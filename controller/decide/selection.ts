// The selection of MachineSets, in the words of MachineConfiguration.
import { type LabelSelector, type Labels, matches } from "./label-selector.ts";

export interface Selection {
  mode: "All" | "None" | "Partial" | "FollowMachineConfiguration";
  partial?: { machineResourceSelector?: LabelSelector | undefined } | undefined;
}

/** One entry of MachineConfiguration `status.managedBootImagesStatus.machineManagers`. */
export interface MachineManager {
  resource: string;
  apiGroup: string;
  selection: { mode: string; partial?: { machineResourceSelector?: LabelSelector | undefined } | undefined };
}

/** undefined: MachineConfiguration has no opinion (yet); an empty list is an opinion, the opt-out of everything. */
export type MachineManagers = readonly MachineManager[] | undefined;

/** Whether the policy's selection takes a MachineSet with these labels (the MachineSet's own, not its template's). */
export function selects(selection: Selection, labels: Labels, machineManagers?: MachineManagers): boolean {
  if (selection.mode === "FollowMachineConfiguration") return isEnrolled(machineManagers, labels);
  return takes(selection, labels);
}

/** Whether MachineConfiguration enrols a MachineSet with these labels: the first entry for MachineSets decides. */
export function isEnrolled(machineManagers: MachineManagers, labels: Labels): boolean {
  const manager = machineManagers?.find(
    ({ apiGroup, resource }) => apiGroup === "machine.openshift.io" && resource === "machinesets",
  );
  return manager !== undefined && takes(manager.selection, labels);
}

function takes(selection: MachineManager["selection"], labels: Labels): boolean {
  if (selection.mode === "All") return true;
  const selector = selection.mode === "Partial" ? selection.partial?.machineResourceSelector : undefined;
  return selector !== undefined && matches(selector, labels);
}
