// The objects that tie the cluster to vSphere: credentials, cloud configuration, user data and MachineSets.
import type { KubeObject } from "./api.ts";
import type { Installation } from "./cluster-objects.ts";
import {
  folder,
  infrastructureName,
  installedTemplate,
  machineSetName,
  type Site,
  vcenterPassword,
  vcenterUser,
  type Zone,
} from "./topology.ts";

export interface Image {
  release: string;
  url: string;
  /** hex */
  sha256: string;
}

/** As the installer leaves it: where the rest of the configuration is. */
const userData = {
  disableTemplating: "true",
  userData: JSON.stringify({
    ignition: {
      version: "3.2.0",
      config: { merge: [{ source: "https://api-int.lab.example.com:22623/config/worker" }] },
    },
  }),
};

/** Secrets and cloud configuration that the Machine API controllers read. */
export function vsphereObjects({ sites }: Pick<Installation, "sites">): KubeObject[] {
  const account = Object.fromEntries(
    sites.flatMap(({ server }) => [
      [`${server}.username`, vcenterUser],
      [`${server}.password`, vcenterPassword],
    ]),
  );
  const secret = (namespace: string, name: string, stringData: Record<string, string>) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { namespace, name },
    type: "Opaque",
    stringData,
  });
  return [
    secret("kube-system", "vsphere-creds", account),
    secret("openshift-machine-api", "vsphere-cloud-credentials", account),
    secret("openshift-machine-api", "worker-user-data", userData),
    secret("openshift-machine-api", "worker-user-data-managed", userData),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { namespace: "openshift-config", name: "cloud-provider-config" },
      data: { config: cloudConfig(sites) },
    },
  ];
}

function cloudConfig(sites: readonly Site[]): string {
  const [first] = sites;
  const each = sites.map(
    ({ server, port }) => `[VirtualCenter "${server}"]
datacenters = "dc-east"
port = "${port}"
`,
  );
  return `[Global]
secret-name = "vsphere-creds"
secret-namespace = "kube-system"
insecure-flag = "0"
port = "${first?.port}"
[Workspace]
server = "${first?.server}"
datacenter = "dc-east"
${each.join("")}`;
}

/** ConfigMap coreos-bootimages of a release of OpenShift whose vSphere boot image is `image`; `streams`: where it has several. */
export function bootImages(version: string, image: Image, streams?: Record<string, Image>): KubeObject {
  const named = Object.entries(streams ?? {}).map(([name, one]) => [name, streamOf(version, one)]);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { namespace: "openshift-machine-config-operator", name: "coreos-bootimages" },
    data: {
      releaseVersion: version,
      stream: JSON.stringify(streamOf(version, image), null, 2),
      ...(streams === undefined ? {} : { streams: JSON.stringify(Object.fromEntries(named)) }),
    },
  };
}

function streamOf(version: string, { release, url, sha256 }: Image): Record<string, unknown> {
  const vmware = { release, formats: { ova: { disk: { location: url, sha256 } } } };
  return {
    stream: `rhcos-${version.split(".").slice(0, 2).join(".")}`,
    metadata: { "last-modified": "2026-11-16T12:00:00Z" },
    architectures: { x86_64: { artifacts: { vmware }, images: {} } },
  };
}

/** The MachineSet of a zone, as the installer makes it. */
export function machineSet(server: string, zone: Zone, replicas = 0): KubeObject {
  const name = machineSetName(zone);
  const cluster = { "machine.openshift.io/cluster-api-cluster": infrastructureName };
  const own = { ...cluster, "machine.openshift.io/cluster-api-machineset": name };
  const role = {
    "machine.openshift.io/cluster-api-machine-role": "worker",
    "machine.openshift.io/cluster-api-machine-type": "worker",
  };
  return {
    apiVersion: "machine.openshift.io/v1beta1",
    kind: "MachineSet",
    metadata: {
      namespace: "openshift-machine-api",
      name,
      labels: { ...cluster, region: "east" },
      annotations: { "capacity.cluster-autoscaler.kubernetes.io/labels": "kubernetes.io/arch=amd64" },
    },
    spec: {
      replicas,
      selector: { matchLabels: own },
      template: {
        metadata: { labels: { ...own, ...role } },
        spec: { lifecycleHooks: {}, metadata: {}, providerSpec: { value: providerSpec(server, zone) } },
      },
    },
  };
}

function providerSpec(server: string, zone: Zone): Record<string, unknown> {
  return {
    apiVersion: "machine.openshift.io/v1beta1",
    kind: "VSphereMachineProviderSpec",
    credentialsSecret: { name: "vsphere-cloud-credentials" },
    userDataSecret: { name: "worker-user-data" },
    template: installedTemplate(zone),
    workspace: { server, datacenter: "dc-east", folder, datastore: zone.datastore, resourcePool: zone.resourcePool },
    network: { devices: [{ networkName: zone.network }] },
    numCPUs: 4,
    numCoresPerSocket: 2,
    memoryMiB: 16384,
    diskGiB: 120,
    snapshot: "",
  };
}
