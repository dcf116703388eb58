// The snapshot that a MachineSet's linked clones need: without it the MachineSet is not moved to a template.
import type { KeepInput } from "../decide/keep.ts";
import { type Cloning, hasSnapshotFor, isLinkedClone } from "../decide/linked-clone.ts";
import type { Reference } from "../vsphere/answer.ts";
import { VimFault } from "../vsphere/fault.ts";
import type { Session } from "../vsphere/session.ts";
import { readSnapshots } from "../vsphere/snapshot.ts";

export interface SnapshotNeed {
  provider: Cloning;
  /** The policy's `template.snapshot`. */
  policy: KeepInput["template"]["snapshot"];
  /** The template's path, for people. */
  path: string;
}

/**
 * To be asked right before a MachineSet is moved. Nothing for a full clone. Without the snapshot the Machine API would make full clones
 * and say so only in its log. Throws VimFault SnapshotMissing.
 */
export async function requireSnapshot(session: Session, template: Reference, need: SnapshotNeed): Promise<void> {
  const { provider, policy, path } = need;
  const name = provider.snapshot ?? "";
  if (!isLinkedClone(provider)) return;
  // Who wants no snapshots and names none has chosen full clones.
  if (policy === "Never" && name === "") return;
  if (hasSnapshotFor(await readSnapshots(session, template), provider)) return;
  const which = name === "" ? "no snapshot" : `not exactly one snapshot ${name}`;
  const remedy =
    "convert it to a virtual machine, take the snapshot, and convert it back to a template, or set cloneMode to fullClone";
  throw new VimFault(
    "SnapshotMissing",
    `Template ${path} of vCenter ${session.server} has ${which}, which linked clones need: ${remedy}. The next one gets it with spec.template.snapshot Auto and the privilege VirtualMachine.State.CreateSnapshot.`,
  );
}
