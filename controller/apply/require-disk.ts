// The disk that a MachineSet's full clones need: not larger than they ask for.

import { isLinkedClone } from "../decide/linked-clone.ts";
import type { VSphereProvider } from "../decide/machine-set.ts";
import type { Reference } from "../vsphere/answer.ts";
import { diskBytes } from "../vsphere/devices.ts";
import { VimFault } from "../vsphere/fault.ts";
import type { Session } from "../vsphere/session.ts";

const gibibyte = 2 ** 30;

/**
 * To be asked right before a MachineSet is moved. The Machine API does not shrink a disk: a Machine whose `diskGiB` is less than its
 * template has is Failed for good (machine-api-operator `pkg/controller/vsphere/reconciler.go`, `getDiskSpec`). A linked clone has the
 * template's size, whatever it asks for. Throws VimFault DiskTooLarge.
 */
export async function requireDisk(
  session: Session,
  template: Reference,
  { provider, path }: { provider: Pick<VSphereProvider, "cloneMode" | "diskGiB">; path: string },
): Promise<void> {
  const { diskGiB = 0 } = provider;
  // Without a size the Machine API fails whatever the template is like: no move makes that worse.
  if (isLinkedClone(provider) || diskGiB <= 0) return;
  const largest = Math.max(0, ...(await diskBytes(session, template)));
  if (largest <= diskGiB * gibibyte) return;
  const needed = Math.ceil(largest / gibibyte);
  throw new VimFault(
    "DiskTooLarge",
    `Template ${path} of vCenter ${session.server} has a disk of ${needed} GiB, the MachineSet wants ${diskGiB}: set diskGiB to ${needed} or more.`,
  );
}
