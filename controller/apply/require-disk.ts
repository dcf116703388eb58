// The disk that a MachineSet's full clones need: not larger than they ask for.

import { isLinkedClone } from "../decide/linked-clone.ts";
import type { VSphereProvider } from "../decide/machine-set.ts";
import type { Reference } from "../vsphere/answer.ts";
import { diskBytes } from "../vsphere/devices.ts";
import { VimFault } from "../vsphere/fault.ts";
import type { Session } from "../vsphere/session.ts";

const gibibyte = 2 ** 30;

/**
 * For a MachineSet of which the Machine API makes full clones. It does not shrink a disk: a Machine whose `diskGiB` is less than its
 * template has is Failed for good (machine-api-operator `pkg/controller/vsphere/reconciler.go`, `getDiskSpec`).
 * Throws VimFault DiskTooLarge.
 */
export async function requireDisk(
  session: Session,
  template: Reference,
  { provider, path }: { provider: Pick<VSphereProvider, "cloneMode" | "diskGiB">; path: string },
): Promise<void> {
  const { diskGiB = 0 } = provider;
  // A full clone without a size fails of whatever template: no move makes that worse. But as a linked clone it needed none.
  if (diskGiB <= 0 && !isLinkedClone(provider)) return;
  const largest = Math.max(0, ...(await diskBytes(session, template)));
  if (largest <= diskGiB * gibibyte) return;
  const needed = Math.ceil(largest / gibibyte);
  const has = `Template ${path} of vCenter ${session.server} has a disk of ${needed} GiB`;
  throw new VimFault("DiskTooLarge", `${has}, the MachineSet wants ${diskGiB}: set diskGiB to ${needed} or more.`);
}
