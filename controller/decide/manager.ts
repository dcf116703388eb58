// The manager of a MachineSet's boot image: bootwarden, the Machine Config Operator (MCO), or nobody.
import { machineSetAnnotations } from "../../common/annotations.ts";
import type { Reason } from "../../common/reasons.ts";
import type { MachineSetFacts } from "./machine-set.ts";
import { isManageableByMCO, osStream } from "./os-stream.ts";
import { type PlatformFacts, platform } from "./platform.ts";
import { isEnrolled, type MachineManagers, type Selection, selects } from "./selection.ts";

export interface ManagerContext extends PlatformFacts {
  policy: { mode: "Observe" | "Manage"; selection: Selection };
  /** As `managersInForce` says. */
  machineManagers: MachineManagers;
}

export interface Manager {
  managedBy: "Bootwarden" | "MCO" | "Nobody";
  reason: Reason;
  message: string;
}

const osLabel = "machine.openshift.io/os-id";

/**
 * Who manages the MachineSet's boot image, and why. What the MCO itself passes over (in its order) is nobody's, also
 * where it is enrolled, but for a stream that it does not know and the release has; then the MCO goes first; then come
 * our own conditions. In Observe mode the answer is still Bootwarden, with the reason ObserveMode: the plan then has no
 * steps.
 */
export function manager(machineSet: MachineSetFacts, context: ManagerContext): Manager {
  return (
    unmanageable(machineSet) ??
    managedByMCO(machineSet, context) ??
    leftAlone(machineSet, context) ??
    ours(machineSet, context)
  );
}

function unmanageable({ owners, templateLabels, image, provider }: MachineSetFacts): Manager | undefined {
  const owner = owners[0];
  if (owner !== undefined)
    return nobody("OwnedByOther", `It is owned by ${owner.kind} ${owner.name}: change the template there.`);
  if (!image.ok && image.reason === "OtherStream") return nobody(image.reason, image.message);
  if (templateLabels[osLabel] === "Windows")
    return nobody("WindowsMachineSet", `The machines' label ${osLabel} is Windows: they boot no CoreOS image.`);
  if (!image.ok && image.reason === "ArchitectureUnknown") return nobody(image.reason, image.message);
  if (provider === null) return nobody("NotVSphere", "Its provider spec is not a VSphereMachineProviderSpec.");
  return undefined;
}

function managedByMCO({ labels }: MachineSetFacts, context: ManagerContext): Manager | undefined {
  if (!isEnrolled(context.machineManagers, labels)) return undefined;
  if (!isManageableByMCO(osStream(labels)) || platform(context).machineConfigOperator === "Unable") return undefined;
  const message =
    "MachineConfiguration cluster enrols it (from OpenShift 4.22 on also where managedBootImages is unset), and this " +
    "cluster's Machine Config Operator can manage vSphere boot images: bootwarden verifies and never writes. To hand it " +
    "over, set managedBootImages so that it is left out, e.g. mode None for machinesets.";
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
  const unable = isEnrolled(context.machineManagers, labels) ? enrolledInVain(osStream(labels), context) : "";
  if (context.policy.mode === "Observe") {
    const message = `spec.mode is Observe: bootwarden says what it would do and writes nothing.${unable}`;
    return { managedBy: "Bootwarden", reason: "ObserveMode", message };
  }
  return { managedBy: "Bootwarden", reason: "Enrolled", message: `The BootImagePolicy selects it.${unable}` };
}

function enrolledInVain(stream: string | null, { clusterVersion }: ManagerContext): string {
  const why = isManageableByMCO(stream)
    ? `of ${clusterVersion} cannot act on vSphere`
    : `passes over MachineSets of the stream ${stream}`;
  return ` MachineConfiguration enrols it too, but the Machine Config Operator ${why}.`;
}

function nobody(reason: Reason, message: string): Manager {
  return { managedBy: "Nobody", reason, message };
}
