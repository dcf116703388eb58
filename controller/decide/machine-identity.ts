// The identity of Machines in vCenter: which virtual machines are a Machine's.

export interface MachineIdentity {
  name: string;
  uid: string;
  /** `vsphere://<BIOS UUID>`, once the VM exists. */
  providerID?: string | undefined;
}

export interface VirtualMachineIdentity {
  name: string;
  instanceUuid: string | null;
  biosUuid: string | null;
}

/** The Machine API names a VM like its Machine, and gives it the Machine's uid as instanceUuid. */
export function machineTest(machines: Iterable<MachineIdentity>): (vm: VirtualMachineIdentity) => boolean {
  const known = new Set<string>();
  for (const { name, uid, providerID } of machines) {
    known.add(`name ${name}`).add(`instance ${uid.toLowerCase()}`);
    if (providerID !== undefined) known.add(`bios ${providerID.replace(/^vsphere:\/\//, "").toLowerCase()}`);
  }
  return ({ name, instanceUuid, biosUuid }) =>
    known.has(`name ${name}`) ||
    (instanceUuid !== null && known.has(`instance ${instanceUuid.toLowerCase()}`)) ||
    (biosUuid !== null && known.has(`bios ${biosUuid.toLowerCase()}`));
}
