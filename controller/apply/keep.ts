// The keeping of what present templates have: done to a new VM before it is marked as a template.
import { failureOf } from "../../common/failure.ts";
import type { Kept } from "../decide/keep.ts";
import type { Reference } from "../vsphere/answer.ts";
import { growDisk } from "../vsphere/disk.ts";
import { VimFault } from "../vsphere/fault.ts";
import { raiseHardware } from "../vsphere/hardware.ts";
import type { Session } from "../vsphere/session.ts";
import { createSnapshot } from "../vsphere/snapshot.ts";
import { attachTag } from "../vsphere/tags.ts";
import type { Context } from "./context.ts";

export interface Keeping {
  kept: Kept;
  /** The final name of the template, for people. */
  name: string;
  onNotice: Context["onNotice"];
}

/**
 * Gives a powered-off VM the hardware version, the size of its disk, the tags and, last, the snapshots (a snapshot holds what it was
 * made of). What vCenter refuses becomes a notice: the template is good for most MachineSets without it. Throws VimFault for
 * anything else.
 */
export async function applyKept(session: Session, made: Reference, keeping: Keeping): Promise<void> {
  await keepHardware(session, made, keeping);
  const isLarge = await keepDisk(session, made, keeping);
  for (const tagID of keeping.kept.tagIDs) await keepTag(session, made, { ...keeping, tagID });
  // Linked clones of a disk that is too small would be worse than none.
  if (isLarge) await keepSnapshots(session, made, keeping);
  for (const { template, what } of keeping.kept.notKept) {
    const message = `Template ${keeping.name} has not what ${template} has: ${what.join("; ")}. Give it by hand.`;
    keeping.onNotice({ type: "Warning", reason: "NotKept", message });
  }
}

async function keepHardware(session: Session, made: Reference, { kept, name, onNotice }: Keeping): Promise<void> {
  const { hardware } = kept;
  if (hardware === null) return;
  const refusal = await refusalOf(() => raiseHardware(session, made, hardware));
  if (refusal === null) return;
  const message = `Template ${name} has not the hardware version vmx-${hardware}: ${refusal}`;
  onNotice({ type: "Warning", reason: "HardwareNotRaised", message, unlessTold: "HardwareNotRaised" });
}

/** Whether the disk has its size. */
async function keepDisk(session: Session, made: Reference, { kept, name, onNotice }: Keeping): Promise<boolean> {
  const { diskBytes } = kept;
  if (diskBytes === null) return true;
  const refusal = await refusalOf(() => growDisk(session, made, diskBytes));
  if (refusal === null) return true;
  const message = `The disk of template ${name} has not ${diskBytes} bytes; ${unlinked}: ${refusal}`;
  onNotice({ type: "Warning", reason: "DiskNotGrown", message });
  return false;
}

/** The machines get the tag from the Machine API: without it on the template nothing is lost but order. */
async function keepTag(
  session: Session,
  made: Reference,
  { tagID, name, onNotice }: Keeping & { tagID: string },
): Promise<void> {
  try {
    await attachTag(session, tagID, made);
  } catch (thrown) {
    if (!(thrown instanceof VimFault) || thrown.reason === "Interrupted") throw thrown;
    const message = `Template ${name} has not the tag ${tagID} of the provider spec: ${thrown.message}`;
    const cause = thrown.reason === "NoPermission" && { unlessTold: "TagsNotAllowed" as const };
    onNotice({ type: "Warning", reason: "TagNotAttached", message, ...cause });
  }
}

async function keepSnapshots(session: Session, made: Reference, { kept, name, onNotice }: Keeping): Promise<void> {
  const description = "Made by bootwarden for linked clones: keep it.";
  for (const snapshot of kept.snapshots) {
    const refusal = await refusalOf(() => createSnapshot(session, made, { name: snapshot, description }));
    if (refusal === null) continue;
    const message = `Template ${name} has no snapshot ${snapshot}; ${unlinked}: ${refusal}`;
    return onNotice({ type: "Warning", reason: "SnapshotNotAllowed", message, unlessTold: "SnapshotNotAllowed" });
  }
}

const unlinked = "linkedClone MachineSets are not moved to it";

/** A refusal is vCenter's own answer to the request, which would be the same at the next try; null if there was none. */
async function refusalOf(step: () => Promise<unknown>): Promise<string | null> {
  try {
    await step();
    return null;
  } catch (thrown) {
    const refused = thrown instanceof VimFault && thrown.fault !== null && !passing.includes(thrown.fault);
    if (!refused) throw thrown;
    return failureOf(thrown).message;
  }
}

/** Faults that say nothing of the request itself. */
const passing: readonly string[] = [
  "",
  "NotAuthenticated",
  "ManagedObjectNotFound",
  "TaskInProgress",
  "RequestCanceled",
];
