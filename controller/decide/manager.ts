// The manager of a MachineSet's boot image: bootwarden, the Machine Config Operator (MCO), or nobody.
import { machineSetAnnotations } from "../../common/annotations.ts";
import type { Reason } from "../../common/reasons.ts";
import type { MachineSetFacts } from "./machine-set.ts";
import { type PlatformFacts, platform } from "./platform.ts";
import { isEnrolled, type MachineManagers, type Selection, selects } from "./selection.ts";

export interface ManagerContext extends PlatformFacts {
  policy: { mode: "Observe" | "Manage"; selection: Selection };
  /** MachineConfiguration/cluster `status.managedBootImagesStatus.machineManagers`, never its spec. */
  machineManagers: MachineManagers;
}

export interface Manager {
  managedBy: "Bootwarden" | "MCO" | "Nobody";
  reason: Reason;
  message: string;
}

const streamLabel = "machineconfiguration.openshift.io/osstream";
const osLabel = "machine.openshift.io/os-id";

/**
 * Who manages the MachineSet's boot image, and why. What the MCO itself passes over (in its order) is nobody's, also
 * where it is enrolled; then the MCO goes first; then come our own conditions. In Observe mode the answer is still
 * Bootwarden, with the reason ObserveMode: the plan then has no steps.
 */
export function manager(machineSet: MachineSetFacts, context: ManagerContext): Manager {
  return (
    unmanageable(machineSet) ??
    managedByMCO(machineSet, context) ??
    leftAlone(machineSet, context) ??
    ours(machineSet, context)
  );
}

function unmanageable({
  owners,
  labels,
  templateLabels,
  architecture,
  provider,
}: MachineSetFacts): Manager | undefined {
  const owner = owners[0];
  if (owner !== undefined)
    return nobody("OwnedByOther", `It is owned by ${owner.kind} ${owner.name}: change the template there.`);
  const stream = labels[streamLabel];
  if (stream !== undefined && stream !== "rhel-9")
    return nobody("OtherStream", `The label ${streamLabel} names ${stream}: only rhel-9 is managed.`);
  if (templateLabels[osLabel] === "Windows")
    return nobody("WindowsMachineSet", `The machines' label ${osLabel} is Windows: they boot no CoreOS image.`);
  if (!architecture.ok) return nobody(architecture.reason, architecture.message);
  if (provider === null) return nobody("NotVSphere", "Its provider spec is not a VSphereMachineProviderSpec.");
  return undefined;
}

function managedByMCO({ labels }: MachineSetFacts, context: ManagerContext): Manager | undefined {
  if (!isEnrolled(context.machineManagers, labels) || platform(context).machineConfigOperator === "Unable")
    return undefined;
  const message =
    "MachineConfiguration cluster enrols it, and this cluster's Machine Config Operator can manage vSphere " +
    "boot images: bootwarden verifies and never writes. To hand it over, take it out of managedBootImages.";
  return { managedBy: "MCO", reason: "ManagedByMCO", message };
}

function leftAlone(machineSet: MachineSetFacts, context: ManagerContext): Manager | undefined {
  const api = machineSet.authoritativeAPI;
  if (api !== undefined && api !== "" && api !== "MachineAPI")
    return nobody("NotAuthoritative", `spec.authoritativeAPI is ${api}: Machine API would not use a change.`);
  if (machineSet.annotations[machineSetAnnotations.hold] === "true")
    return nobody("OnHold", `Remove the annotation ${machineSetAnnotations.hold} to let it move again.`);
  const { selection } = context.policy;
  if (!selects(selection, machineSet.labels, context.machineManagers))
    return nobody("NotSelected", `spec.selection of the BootImagePolicy (mode ${selection.mode}) does not take it.`);
  return undefined;
}

function ours({ labels }: MachineSetFacts, context: ManagerContext): Manager {
  const unable = isEnrolled(context.machineManagers, labels)
    ? ` MachineConfiguration enrols it too, but the Machine Config Operator of ${context.clusterVersion} cannot act on vSphere.`
    : "";
  if (context.policy.mode === "Observe") {
    const message = `spec.mode is Observe: bootwarden says what it would do and writes nothing.${unable}`;
    return { managedBy: "Bootwarden", reason: "ObserveMode", message };
  }
  return { managedBy: "Bootwarden", reason: "Enrolled", message: `The BootImagePolicy selects it.${unable}` };
}

function nobody(reason: Reason, message: string): Manager {
  return { managedBy: "Nobody", reason, message };
}
