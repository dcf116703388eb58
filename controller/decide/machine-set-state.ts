// The state of a MachineSet against the target's boot image.
import type { Reason } from "../../common/reasons.ts";
import type { BootImageTarget } from "./boot-image.ts";
import type { Decision } from "./decision.ts";
import type { MachineSetFacts } from "./machine-set.ts";
import type { Manager } from "./manager.ts";
import type { Place } from "./place.ts";
import { compareReleases } from "./release.ts";
import type { TemplateFacts } from "./steps.ts";

/** What vCenter says of the template that a MachineSet names now. */
export interface TemplateNow {
  exists: boolean;
  /** From its marker or product version; null when it carries neither. */
  release: string | null;
  path: string | null;
  ours: boolean;
  /** False for a virtual machine; left out: it is one. */
  isTemplate?: boolean;
  /** How many VMs of the datacenter have the name; left out: one. */
  copies?: number;
  /** The release that its name says, where its content is another one: somebody replaced it in place. */
  replaced?: string;
}

export interface MachineSetInput {
  facts: MachineSetFacts;
  manager: Manager;
  /** The boot image that it is to have; refused while it may not be moved, or where there is none for it. */
  target: Decision<BootImageTarget>;
  /** Whether it may be moved to an older release than it has. */
  allowDowngrade: boolean;
  place: Decision<Place>;
  /** Refused with the reason of the vCenter when it could not be asked. */
  templateNow: Decision<TemplateNow>;
  /** The template that the admin has made of the image, or why it cannot be used; null where the image is imported. */
  prestaged: Decision<TemplateFacts> | null;
  /** As `ignitionVersion` says. */
  userData: Decision<string>;
  /** The field manager that wrote the MachineSet's template; null where the object does not say. */
  writtenBy: string | null;
}

/** One entry of the policy's `status.machineSets`. */
export interface MachineSetState {
  name: string;
  managedBy: Manager["managedBy"];
  /** Why it is managed by that one. */
  managedByReason: Reason;
  managedByMessage: string;
  state: "UpToDate" | "Outdated" | "Updating" | "Failed" | "Skipped" | "Contested" | "Halted";
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
export function stateOf(input: MachineSetInput): MachineSetState {
  const { facts, manager, target, place, templateNow, userData } = input;
  const as = (state: MachineSetState["state"], reason: Reason, message: string): MachineSetState => ({
    name: facts.name,
    managedBy: manager.managedBy,
    managedByReason: manager.reason,
    managedByMessage: manager.message,
    state,
    reason,
    message,
    template: facts.provider?.template ?? null,
    release: templateNow.ok ? templateNow.value.release : null,
  });
  if (manager.managedBy !== "Bootwarden") return as("Skipped", manager.reason, manager.message);
  if (!target.ok) return as(isSkipped(target.reason) ? "Skipped" : "Failed", target.reason, target.message);
  if (!place.ok) return as("Failed", place.reason, place.message);
  if (!templateNow.ok) return as("Failed", templateNow.reason, templateNow.message);
  const wanted = { release: target.value.release, allowDowngrade: input.allowDowngrade };
  const standing = templateStanding(facts.provider?.template ?? "", templateNow.value, wanted);
  const { state, reason, message } = prestagedStanding(input, standing) ?? standing;
  // Before anything is made for it: its new machines would come up and never join.
  if (state === "Outdated" && !userData.ok) return as("Failed", userData.reason, userData.message);
  return as(state, reason, message);
}

type Standing = Pick<MachineSetState, "state" | "reason" | "message">;

/** Who names a template means that one, and no other of the same release; undefined where that changes nothing. */
function prestagedStanding({ prestaged, templateNow }: MachineSetInput, standing: Standing): Standing | undefined {
  if (prestaged === null || !templateNow.ok || standing.reason === "NewerThanTarget") return undefined;
  if (!prestaged.ok) {
    const { reason, message } = prestaged;
    return { state: reason === "PrestagedElsewhere" ? "Skipped" : "Failed", reason, message };
  }
  const { path, release } = prestaged.value;
  if (templateNow.value.path === path)
    return { state: "UpToDate", reason: "OnTarget", message: `It names ${path}, as spec.imageSource does.` };
  if (standing.state === "Outdated") return undefined;
  const message = `Its template has the target's release ${release}, but is not ${path}, which spec.imageSource names.`;
  return { state: "Outdated", reason: "OtherTemplate", message };
}

/** What waits for the cluster, and what cannot run on vSphere, is no failure of anybody. */
function isSkipped(reason: Reason): boolean {
  return reason === "ClusterUpdating" || reason === "NoVmwareImage";
}

/**
 * How a template that something names stands against the release of the target. Where the order of the two is not known
 * the target decides: to be another one is to be behind.
 */
export function templateStanding(
  template: string,
  now: TemplateNow,
  { release: target, allowDowngrade }: { release: string; allowDowngrade: boolean },
): { state: "UpToDate" | "Outdated"; reason: Reason; message: string } {
  const outdated = (reason: Reason, message: string) => ({ state: "Outdated", reason, message }) as const;
  if (!now.exists)
    return outdated("TemplateMissing", `Template ${template} does not exist: the next Machine would end Failed.`);
  if (now.copies !== undefined && now.copies > 1) {
    const message = `${now.copies} VMs of the datacenter are called ${template}: the next Machine would end Failed.`;
    return outdated("TemplateAmbiguous", message);
  }
  const order = now.release === null ? undefined : compareReleases(now.release, target);
  const isNewer = order === 1 && !allowDowngrade;
  if (now.replaced !== undefined && !isNewer) {
    const message = `Template ${template} holds ${now.release}, not ${now.replaced} as its name says: it is not relied on.`;
    return outdated("ContentReplaced", message);
  }
  if (now.release === null)
    return outdated("Behind", `Template ${template} does not say its release; the target is ${target}.`);
  const upToDate = (reason: Reason, message: string) => ({ state: "UpToDate", reason, message }) as const;
  if (order === 0) return upToDate("OnTarget", `Template ${template} has the target's release ${target}.`);
  const newer = `Template ${template} has ${now.release}, newer than the target ${target}`;
  if (order === 1 && allowDowngrade) return outdated("Behind", `${newer}: spec.rollout.allowDowngrade leads it back.`);
  if (isNewer) return upToDate("NewerThanTarget", `${newer}: it stays, unless spec.rollout.allowDowngrade is true.`);
  return outdated("Behind", `Template ${template} has ${now.release}; the target is ${target}.`);
}
