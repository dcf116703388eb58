// The enrolment with the Machine Config Operator (MCO): which boot images it manages, by what MachineConfiguration says or leaves to the release.
import { isAtLeast } from "./cluster-version.ts";
import { type PlatformFacts, platform } from "./platform.ts";
import type { MachineManager, MachineManagers } from "./selection.ts";

/** MachineConfiguration/cluster. */
export interface ManagedBootImages {
  /** `spec.managedBootImages.machineManagers`: what an admin says. */
  spec: MachineManagers;
  /** `status.managedBootImagesStatus.machineManagers`: what the operator goes by. */
  status: MachineManagers;
}

const everyMachineSet: MachineManager = {
  resource: "machinesets",
  apiGroup: "machine.openshift.io",
  selection: { mode: "All" },
};

/** Whether an admin has said who manages MachineSets: by an entry for them, or by an empty list, the opt-out of everything. */
export function hasOpinion({ spec }: Pick<ManagedBootImages, "spec">): boolean {
  if (spec === undefined) return false;
  return spec.length === 0 || spec.some(isForMachineSets);
}

/**
 * The managers in force. The MCO tells its status what it goes by: what the spec says, and where that says nothing None, from OpenShift
 * 4.22 on All, whatever the status was before the upgrade (`syncManagedBootImagesStatus` of its pkg/operator/sync.go). It is taken to be
 * so before it is written: there are not to be two writers meanwhile. An MCO that cannot manage vSphere boot images writes nothing: then
 * the spec is what the admin wants.
 */
export function managersInForce(said: ManagedBootImages, facts: PlatformFacts): MachineManagers {
  if (!hasOpinion(said) && isAtLeast(facts.clusterVersion, 4, 22) === true)
    return [...(said.status ?? []).filter((manager) => !isForMachineSets(manager)), everyMachineSet];
  const unable = platform(facts).machineConfigOperator === "Unable";
  return unable ? (said.spec ?? said.status) : (said.status ?? said.spec);
}

function isForMachineSets({ resource, apiGroup }: MachineManager): boolean {
  return resource === everyMachineSet.resource && apiGroup === everyMachineSet.apiGroup;
}
