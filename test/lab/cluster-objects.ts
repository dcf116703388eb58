// The objects of an OpenShift cluster as its installer and its operators would leave them.
import type { KubeObject } from "./api.ts";
import { osImage } from "./releases.ts";
import { infrastructureName, type Site } from "./topology.ts";

export interface Installation {
  /** The vCenters. */
  sites: readonly Site[];
  /** OpenShift's version. */
  version: string;
  /** `sha256:<hex>` of the OS image that the worker pool asks for. */
  osDigest: string;
}

type Role = "worker" | "master";

/** Name of the rendered MachineConfig that the worker pool asks for. */
export const renderedConfig = renderedConfigOf("worker");

const namespaces = [
  "openshift-machine-api",
  "openshift-machine-config-operator",
  "openshift-config",
  "openshift-config-managed",
];

/** Namespaces, configuration and Machine Config objects; Machine API and vCenter objects stand in `vsphere-objects.ts`. */
export function clusterObjects(installation: Installation): KubeObject[] {
  return [
    ...namespaces.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    {
      apiVersion: "config.openshift.io/v1",
      kind: "DNS",
      metadata: { name: "cluster" },
      spec: { baseDomain: "lab.example.com" },
    },
    // As the installer leaves it where there is no proxy.
    {
      apiVersion: "config.openshift.io/v1",
      kind: "Proxy",
      metadata: { name: "cluster" },
      spec: { trustedCA: { name: "" } },
      status: {},
    },
    infrastructure(installation),
    clusterVersion(installation.version),
    featureGate(installation.version),
    machineConfiguration(),
    ...poolObjects(installation, "worker"),
  ];
}

/** The cluster-wide proxy, as the network operator leaves it: in spec and status. */
export function clusterProxy(settings: Record<string, string>, trustedCA = ""): KubeObject {
  const spec = { ...settings, trustedCA: { name: trustedCA } };
  return { apiVersion: "config.openshift.io/v1", kind: "Proxy", metadata: { name: "cluster" }, spec, status: settings };
}

/** The pool of a role, and its rendered configuration. */
export function poolObjects(installation: Installation, role: Role): KubeObject[] {
  return [renderedMachineConfig(installation, role), machineConfigPool(role)];
}

function infrastructure({ sites }: Installation): KubeObject {
  return {
    apiVersion: "config.openshift.io/v1",
    kind: "Infrastructure",
    metadata: { name: "cluster" },
    spec: {
      cloudConfig: { key: "config", name: "cloud-provider-config" },
      platformSpec: {
        type: "VSphere",
        vsphere: {
          vcenters: sites.map(({ server, port }) => ({ server, port, datacenters: ["dc-east"] })),
          failureDomains: sites.flatMap(failureDomains),
        },
      },
    },
    status: {
      infrastructureName,
      platform: "VSphere",
      platformStatus: { type: "VSphere", vsphere: { apiServerInternalIPs: [], ingressIPs: [] } },
      apiServerURL: "https://api.lab.example.com:6443",
      apiServerInternalURI: "https://api-int.lab.example.com:6443",
      etcdDiscoveryDomain: "",
      controlPlaneTopology: "HighlyAvailable",
      infrastructureTopology: "HighlyAvailable",
    },
  };
}

function failureDomains({ server, zones }: Site) {
  return zones.map((zone) => ({
    name: zone.name,
    region: "east",
    zone: `east-${zone.suffix}`,
    server,
    topology: {
      datacenter: "dc-east",
      computeCluster: zone.cluster,
      networks: [zone.network],
      datastore: zone.datastore,
      resourcePool: zone.resourcePool,
      folder: `/dc-east/vm/${infrastructureName}`,
    },
  }));
}

function clusterVersion(version: string): KubeObject {
  const image = `quay.io/openshift-release-dev/ocp-release@sha256:${"a".repeat(64)}`;
  return {
    apiVersion: "config.openshift.io/v1",
    kind: "ClusterVersion",
    metadata: { name: "version" },
    spec: { channel: "stable-4.20", clusterID: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d" },
    status: {
      availableUpdates: null,
      desired: { image, version },
      history: [
        {
          state: "Completed",
          startedTime: "2026-11-19T16:00:00Z",
          completionTime: "2026-11-19T18:00:00Z",
          version,
          verified: true,
          image,
        },
      ],
      observedGeneration: 1,
      versionHash: "k3Zq0b1xYQk=",
    },
  };
}

/** Without the MCO's own vSphere boot images: a cluster on which bootwarden may act. */
function featureGate(version: string): KubeObject {
  return {
    apiVersion: "config.openshift.io/v1",
    kind: "FeatureGate",
    metadata: { name: "cluster" },
    spec: {},
    status: {
      featureGates: [
        { version, enabled: [{ name: "ManagedBootImagesAWS" }], disabled: [{ name: "ManagedBootImagesvSphere" }] },
      ],
    },
  };
}

function machineConfiguration(): KubeObject {
  const managers = [{ resource: "machinesets", apiGroup: "machine.openshift.io", selection: { mode: "None" } }];
  return {
    apiVersion: "operator.openshift.io/v1",
    kind: "MachineConfiguration",
    metadata: { name: "cluster" },
    spec: { managementState: "Managed", managedBootImages: { machineManagers: managers } },
    status: { observedGeneration: 1, managedBootImagesStatus: { machineManagers: managers } },
  };
}

function renderedConfigOf(role: Role): string {
  return `rendered-${role}-5d0c1b8a9e3f47a2b6c4d8e0f1a2b3c4`;
}

function renderedMachineConfig({ version, osDigest }: Installation, role: Role): KubeObject {
  return {
    apiVersion: "machineconfiguration.openshift.io/v1",
    kind: "MachineConfig",
    metadata: {
      name: renderedConfigOf(role),
      annotations: { "machineconfiguration.openshift.io/release-image-version": version },
    },
    spec: {
      osImageURL: osImage(osDigest),
      config: { ignition: { version: "3.5.0" } },
      extensions: [],
      fips: false,
      kernelArguments: [],
      kernelType: "default",
    },
  };
}

function machineConfigPool(role: Role): KubeObject {
  const configuration = { name: renderedConfigOf(role) };
  return {
    apiVersion: "machineconfiguration.openshift.io/v1",
    kind: "MachineConfigPool",
    metadata: { name: role },
    spec: {
      paused: false,
      machineConfigSelector: { matchLabels: { "machineconfiguration.openshift.io/role": role } },
      nodeSelector: { matchLabels: { [`node-role.kubernetes.io/${role}`]: "" } },
      configuration,
    },
    status: { observedGeneration: 1, configuration },
  };
}
