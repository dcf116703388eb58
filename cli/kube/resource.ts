// The resources that the CLI reads and writes: how they are addressed, and how a right to them is called.

export interface Resource {
  group: string;
  version: string;
  plural: string;
  namespace?: string;
}

const machineApiNamespace = "openshift-machine-api";
const machineApi = { group: "machine.openshift.io", version: "v1beta1", namespace: machineApiNamespace };
const machineConfig = { group: "machineconfiguration.openshift.io", version: "v1" };

export const resources = {
  policies: { group: "bootwarden.io", version: "v1alpha1", plural: "bootimagepolicies" },
  nodes: { group: "", version: "v1", plural: "nodes" },
  machineSets: { ...machineApi, plural: "machinesets" },
  machines: { ...machineApi, plural: "machines" },
  pools: { ...machineConfig, plural: "machineconfigpools" },
  machineConfigs: { ...machineConfig, plural: "machineconfigs" },
  machineOSConfigs: { ...machineConfig, plural: "machineosconfigs" },
  clusterVersions: { group: "config.openshift.io", version: "v1", plural: "clusterversions" },
  bootImages: { group: "", version: "v1", plural: "configmaps", namespace: "openshift-machine-config-operator" },
  leases: { group: "coordination.k8s.io", version: "v1", plural: "leases", namespace: "bootwarden" },
} as const satisfies Record<string, Resource>;

export function pathOf({ group, version, plural, namespace }: Resource, name?: string): string {
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespace === undefined ? "" : `/namespaces/${namespace}`;
  return `${root}${scope}/${plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}

/** As kubectl takes it: `machinesets.machine.openshift.io`. */
export function fullName({ group, plural }: Resource): string {
  return group === "" ? plural : `${plural}.${group}`;
}
