// The keeping of what present templates have: done to a new VM before it is marked as a template.
import { failureOf } from "../../common/failure.ts";
import type { Kept } from "../decide/keep.ts";
import type { Reference } from "../vsphere/answer.ts";
import { VimFault } from "../vsphere/fault.ts";
import { raiseHardware } from "../vsphere/hardware.ts";
import type { Session } from "../vsphere/session.ts";
import { createSnapshot } from "../vsphere/snapshot.ts";
import type { Context, Notice } from "./context.ts";

export interface Keeping {
  kept: Kept;
  /** The final name of the template, for people. */
  name: string;
  onNotice: Context["onNotice"];
}

/**
 * Gives a powered-off VM the hardware version, the tags and, last, the snapshots (a snapshot holds what it was made of). What vCenter
 * refuses becomes a notice: the template is good for most MachineSets without it. Throws VimFault for anything else.
 */
export async function applyKept(session: Session, made: Reference, keeping: Keeping): Promise<void> {
  await keepHardware(session, made, keeping);
  await keepSnapshots(session, made, keeping);
  for (const { template, what } of keeping.kept.notKept) {
    const message = `Template ${keeping.name} has not what ${template} has: ${what.join("; ")}. Give it by hand.`;
    keeping.onNotice({ type: "Warning", reason: "NotKept", message });
  }
}

async function keepHardware(session: Session, made: Reference, { kept, name, onNotice }: Keeping): Promise<void> {
  const { hardware } = kept;
  if (hardware === null) return;
  await unlessRefused(
    () => raiseHardware(session, made, hardware),
    (why) =>
      onNotice(notice("HardwareNotRaised", `Template ${name} has not the hardware version vmx-${hardware}: ${why}`)),
  );
}

async function keepSnapshots(session: Session, made: Reference, { kept, name, onNotice }: Keeping): Promise<void> {
  const description = "Made by bootwarden for linked clones: keep it.";
  for (const snapshot of kept.snapshots) {
    await unlessRefused(
      () => createSnapshot(session, made, { name: snapshot, description }),
      (why) => {
        const result = `Template ${name} has no snapshot ${snapshot}, so linkedClone MachineSets are not moved to it`;
        onNotice(notice("SnapshotNotAllowed", `${result}: ${why}`));
      },
    );
  }
}

function notice(reason: Notice["reason"], message: string): Notice {
  return { type: "Warning", reason, message };
}

/** A refusal is vCenter's own answer to the request, and would be the same at the next try. */
async function unlessRefused(step: () => Promise<unknown>, onRefusal: (why: string) => void): Promise<void> {
  try {
    await step();
  } catch (thrown) {
    const passing: (string | null)[] = [null, "", "NotAuthenticated", "ManagedObjectNotFound", "TaskInProgress"];
    if (!(thrown instanceof VimFault) || passing.includes(thrown.fault)) throw thrown;
    onRefusal(failureOf(thrown).message);
  }
}
