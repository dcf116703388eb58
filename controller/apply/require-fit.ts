// The fit of a template for a MachineSet: the Machine API must be able to clone machines from it as that wants them.
import type { VSphereProvider } from "../decide/machine-set.ts";
import type { Reference } from "../vsphere/answer.ts";
import type { Session } from "../vsphere/session.ts";
import { requireDisk } from "./require-disk.ts";
import { requireSnapshot, type SnapshotNeed } from "./require-snapshot.ts";

export interface FitNeed extends SnapshotNeed {
  provider: SnapshotNeed["provider"] & Pick<VSphereProvider, "diskGiB">;
}

/** To be asked right before a MachineSet is moved to a template. Throws VimFault: SnapshotMissing, DiskTooLarge. */
export async function requireFit(session: Session, template: Reference, need: FitNeed): Promise<void> {
  const linked = await requireSnapshot(session, template, need);
  // A linked clone has the size of the template's disk, whatever it asks for.
  if (!linked) await requireDisk(session, template, need);
}
