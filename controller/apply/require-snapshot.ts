// The snapshot that a MachineSet's linked clones need: without it the MachineSet is not moved to a template.
import type { KeepInput } from "../decide/keep.ts";
import { type Cloning, hasSnapshotFor, isLinkedClone } from "../decide/linked-clone.ts";
import type { Reference } from "../vsphere/answer.ts";
import { VimFault } from "../vsphere/fault.ts";
import { missingPrivileges, type Wanted } from "../vsphere/privileges.ts";
import type { Session } from "../vsphere/session.ts";
import { readSnapshots } from "../vsphere/snapshot.ts";

const createSnapshotPrivilege = "VirtualMachine.State.CreateSnapshot";

export interface SnapshotNeed {
  provider: Cloning;
  /** The policy's `template.snapshot`. */
  policy: KeepInput["template"]["snapshot"];
  /** The template's path, for people. */
  path: string;
}

/**
 * Resolves with whether the Machine API makes linked clones for that provider spec. Where it should, and could not for want of the
 * snapshot, it would make full clones and say so only in its log: so that is an error. Throws VimFault: SnapshotNotAllowed
 * where the account lacks the privilege, else SnapshotMissing.
 */
export async function requireSnapshot(session: Session, template: Reference, need: SnapshotNeed): Promise<boolean> {
  const { provider, policy, path } = need;
  if (!isLinkedClone(provider)) return false;
  if (hasSnapshotFor(await readSnapshots(session, template), provider)) return true;
  const { snapshot = "" } = provider;
  // Who wants no snapshots and names none has chosen full clones.
  if (policy === "Never" && snapshot === "") return false;
  const has = snapshot === "" ? "no snapshot" : `not exactly one snapshot ${snapshot}`;
  const wanted = { entity: template, what: path, privileges: [createSnapshotPrivilege] };
  const mayNot = policy === "Auto" && (await lacks(session, wanted));
  throw new VimFault(
    mayNot ? "SnapshotNotAllowed" : "SnapshotMissing",
    `Template ${path} of vCenter ${session.server} has ${has}, which linked clones need: ${byHand} ${mayNot ? byRight : nextTime}`,
  );
}

const byHand =
  "convert it to a virtual machine, take the snapshot, and convert it back to a template, or set cloneMode to fullClone.";
const byRight = `For the next template, give the vCenter account the privilege ${createSnapshotPrivilege} on the folder.`;
const nextTime = "The next template is made with it if spec.template.snapshot is Auto.";

/** Where vCenter does not tell, nothing is said of rights. */
async function lacks(session: Session, wanted: Wanted): Promise<boolean> {
  try {
    return (await missingPrivileges(session, [wanted])).length > 0;
  } catch (thrown) {
    if (thrown instanceof VimFault && thrown.reason === "NoPermission") return false;
    throw thrown;
  }
}
