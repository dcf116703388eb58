// The reference to a template: what stands in a MachineSet's `template`.
import type { Reference } from "../vsphere/answer.ts";
import { findVirtualMachines } from "../vsphere/inventory.ts";
import type { Session } from "../vsphere/session.ts";

/**
 * The bare name where the Machine API's look-up in the datacenter finds exactly this template by it, else the absolute path. (By
 * path too the Machine API finds it, but only the bare name reads well and is what an installer writes.)
 */
export async function templateReference(
  session: Session,
  datacenter: string,
  template: { name: string; path: string; reference: Reference },
): Promise<string> {
  const found = await findVirtualMachines(session, datacenter, template.name);
  const only = found.length === 1 && found[0]?.value === template.reference.value;
  return only ? template.name : template.path;
}
