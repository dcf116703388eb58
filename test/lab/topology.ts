// The topology of the lab's vSphere: one datacenter, two compute clusters with a datastore and a network each.

export const infrastructureName = "lab-7x2kq";
export const datacenter = "dc-east";
export const folder = `/${datacenter}/vm/${infrastructureName}`;
export const vcenterUser = "svc-ocp@vsphere.local";
export const vcenterPassword = "lab-password";

export interface Zone {
  /** Name of the failure domain; the MachineSet of the zone ends in `suffix`. */
  name: string;
  suffix: string;
  cluster: string;
  datastore: string;
  network: string;
  resourcePool: string;
}

/** A vCenter, as failure domains, workspaces and cloud configuration name it, and its failure domains. */
export interface Site {
  server: string;
  port: number;
  zones: readonly Zone[];
}

/** The failure domains of the lab. */
export const zones: Zone[] = ["a", "b"].map((letter, index) => ({
  name: `fd-east-${letter}`,
  suffix: letter,
  cluster: `/${datacenter}/host/cluster-${letter}`,
  datastore: `/${datacenter}/datastore/ds-${letter}`,
  network: `vm-net-10${index + 1}`,
  resourcePool: `/${datacenter}/host/cluster-${letter}/Resources${letter === "a" ? "/lab" : ""}`,
}));

/** The zone whose MachineSet is older than OpenShift's webhooks. */
export const oldZone = zones[1];

/** The same in a second vCenter, whose inventory has the same paths. */
export const westZones: Zone[] = zones.map((zone) => ({
  ...zone,
  name: zone.name.replace("east", "west"),
  suffix: `west-${zone.suffix}`,
}));

/** Two zones more in the first vCenter: other resource pools of its clusters, which have to be made (`govc pool.create`). */
export const furtherZones: Zone[] = zones.map((zone) => ({
  ...zone,
  name: `${zone.name}-2`,
  suffix: `${zone.suffix}-2`,
  resourcePool: `${zone.cluster}/Resources/second`,
}));

/** Name of the template that the installer left for a zone. */
export function installedTemplate(zone: Zone): string {
  return `${infrastructureName}-rhcos-${zone.name}`;
}

/** Name of the MachineSet of a zone. */
export function machineSetName(zone: Zone): string {
  return `${infrastructureName}-worker-${zone.suffix}`;
}
