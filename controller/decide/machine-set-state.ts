// The state of a MachineSet against the target's boot image.
import type { Reason } from "../../common/reasons.ts";
import type { BootImageTarget } from "./boot-image.ts";
import type { Decision } from "./decision.ts";
import type { MachineSetFacts } from "./machine-set.ts";
import type { Manager } from "./manager.ts";
import type { Place } from "./place.ts";
import { compareReleases } from "./release.ts";

/** What vCenter says of the template that a MachineSet names now. */
export interface TemplateNow {
  exists: boolean;
  /** From its marker or product version; null when it carries neither. */
  release: string | null;
  path: string | null;
  ours: boolean;
  /** How many VMs of the datacenter have the name; left out: one. */
  copies?: number;
  /** The release that its name says, where its content is another one: somebody replaced it in place. */
  replaced?: string;
}

export interface MachineSetInput {
  facts: MachineSetFacts;
  manager: Manager;
  place: Decision<Place>;
  /** Refused with the reason of the vCenter when it could not be asked. */
  templateNow: Decision<TemplateNow>;
}

/** One entry of the policy's `status.machineSets`. */
export interface MachineSetState {
  name: string;
  managedBy: Manager["managedBy"];
  state: "UpToDate" | "Outdated" | "Updating" | "Failed" | "Skipped";
  reason: Reason;
  message: string;
  /** What the MachineSet names, verbatim. */
  template: string | null;
  /** The release of that template; null when it is not known. */
  release: string | null;
}

/**
 * The state before any step. `Outdated` is the one that asks for a move; `Failed` says that it cannot even be known
 * whether one is needed. Nothing here depends on the policy's mode.
 */
export function stateOf(input: MachineSetInput, target: Decision<BootImageTarget>): MachineSetState {
  const { facts, manager, place, templateNow } = input;
  const as = (state: MachineSetState["state"], reason: Reason, message: string): MachineSetState => ({
    name: facts.name,
    managedBy: manager.managedBy,
    state,
    reason,
    message,
    template: facts.provider?.template ?? null,
    release: templateNow.ok ? templateNow.value.release : null,
  });
  if (manager.managedBy !== "Bootwarden") return as("Skipped", manager.reason, manager.message);
  if (!target.ok) return as(target.reason === "ClusterUpdating" ? "Skipped" : "Failed", target.reason, target.message);
  const { architecture } = facts;
  if (architecture.ok && architecture.value !== target.value.architecture)
    return as("Skipped", "NoVmwareImage", `There is no vSphere boot image for ${architecture.value}.`);
  if (!place.ok) return as("Failed", place.reason, place.message);
  if (!templateNow.ok) return as("Failed", templateNow.reason, templateNow.message);
  return as(...standing(facts.provider?.template ?? "", templateNow.value, target.value.release));
}

function standing(template: string, now: TemplateNow, target: string): [MachineSetState["state"], Reason, string] {
  if (!now.exists)
    return ["Outdated", "TemplateMissing", `Template ${template} does not exist: the next Machine would end Failed.`];
  if (now.copies !== undefined && now.copies > 1) {
    const message = `${now.copies} VMs of the datacenter are called ${template}: the next Machine would end Failed.`;
    return ["Outdated", "TemplateAmbiguous", message];
  }
  if (now.replaced !== undefined) {
    const message = `Template ${template} holds ${now.release}, not ${now.replaced} as its name says: it is not relied on.`;
    return ["Outdated", "ContentReplaced", message];
  }
  if (now.release === null)
    return ["Outdated", "Behind", `Template ${template} does not say its release; the target is ${target}.`];
  const order = compareReleases(now.release, target);
  if (order === 0) return ["UpToDate", "OnTarget", `Template ${template} has the target's release ${target}.`];
  if (order === 1)
    return [
      "UpToDate",
      "NewerThanTarget",
      `Template ${template} has ${now.release}, newer than the target ${target}: it is never downgraded.`,
    ];
  return ["Outdated", "Behind", `Template ${template} has ${now.release}; the target is ${target}.`];
}
