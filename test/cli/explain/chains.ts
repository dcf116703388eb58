// The facts of a chain that holds; tests break one link at a time.
import type { MachineSetChainFacts, NodeChainFacts } from "../../../cli/explain/facts.ts";
import { nodeFacts } from "../../../cli/explain/read-node.ts";
import { machineFacts, machineSetFacts } from "../../../cli/read-machines.ts";
import { machineSetStatus, policy } from "../facts.ts";

const digest = `sha256:${"0823d6fd".repeat(8)}`;
export const image = `quay.io/openshift-release-dev/ocp-v4.0-art-dev@${digest}`;
export const rendered = "rendered-worker-5d0c";
const template = "lab-rhcos-fd-a-9.8.20261116-0";

export function report(change: object = {}): string {
  const booted = {
    booted: true,
    staged: false,
    image: `ostree-unverified-registry:${image}`,
    digest,
    digestSource: "manifest",
    version: "9.8.20261116-0",
    checksum: null,
    baseChecksum: null,
    pinned: false,
    unlocked: "none",
    liveReplaced: null,
  };
  const modifications = { layered: 0, local: 0, removed: 0, replaced: 0, initramfs: false };
  const bootImage = { release: "9.8.20261116-0", source: "/sysroot/.coreos-aleph-version.json" };
  return JSON.stringify({
    v: 1,
    bootID: "boot-1",
    collector: "rpm-ostree",
    booted,
    staged: null,
    rollback: null,
    modifications,
    bootImage,
    state: "idle",
    warnings: [],
    error: null,
    ...change,
  });
}

export function bootedDigest(other: string): object {
  return { ...JSON.parse(report()).booted, digest: other, image: null };
}

/** The Node, with other annotations (null: without) and labels. */
export function node(annotations: Record<string, string | null> = {}, labels: Record<string, string | null> = {}) {
  const given = {
    "machineconfiguration.openshift.io/currentConfig": rendered,
    "machineconfiguration.openshift.io/desiredConfig": rendered,
    "machineconfiguration.openshift.io/state": "Done",
    "agent.bootwarden.io/report": report(),
    "bootwarden.io/verdict-reason": "DigestMatch",
    "bootwarden.io/verdict-message": "OS image: both are equal.",
    "bootwarden.io/boot-image-check": "Match",
    ...annotations,
  };
  const only = (map: Record<string, string | null>) =>
    Object.fromEntries(Object.entries(map).filter(([, value]) => value !== null));
  return nodeFacts({
    metadata: {
      name: "worker-a-1",
      annotations: only(given),
      labels: only({ "node-role.kubernetes.io/worker": "", "bootwarden.io/verdict": "Verified", ...labels }),
    },
    status: {
      nodeInfo: { bootID: "boot-1", osImage: "Red Hat Enterprise Linux CoreOS 9.8", operatingSystem: "linux" },
    },
  });
}

export const machineSet = machineSetFacts({
  metadata: { name: "worker-a", annotations: { "bootwarden.io/previous-template": "lab-rhcos-fd-a" } },
  spec: {
    replicas: 1,
    template: { spec: { providerSpec: { value: { template, workspace: { server: "vc", datacenter: "dc" } } } } },
  },
});

export const machine = machineFacts({
  metadata: {
    name: "worker-a-1",
    creationTimestamp: "2026-11-20T08:00:00Z",
    labels: { "machine.openshift.io/cluster-api-machineset": "worker-a" },
  },
  spec: { providerSpec: { value: { template } } },
  status: { phase: "Running", nodeRef: { name: "worker-a-1" } },
});

export const templates = [
  { server: "vc", path: `/dc/vm/lab/${template}`, release: "9.8.20261116-0", state: "Ready", ours: true },
];

const vmware = {
  release: "9.8.20261116-0",
  formats: { ova: { disk: { location: "https://mirror/x.ova", sha256: "a".repeat(64) } } },
};
const cluster = {
  clusterVersion: { history: [{ state: "Completed", version: "4.20.15" }], desiredVersion: "4.20.15" },
  bootImages: {
    releaseVersion: "4.20.15",
    stream: JSON.stringify({ architectures: { x86_64: { artifacts: { vmware } } } }),
  },
  policy: policy({ status: { machineSets: [machineSetStatus("worker-a", { template })], templates } }),
};

export function nodeChainFacts(change: Partial<NodeChainFacts> = {}): NodeChainFacts {
  const pools = [
    {
      name: "worker",
      nodeSelector: { matchLabels: { "node-role.kubernetes.io/worker": "" } },
      configuration: rendered,
      paused: false,
    },
  ];
  return { ...cluster, node: node(), machine, machineSet, pools, machineOSConfigs: [], osImageURL: image, ...change };
}

export function machineSetChainFacts(change: Partial<MachineSetChainFacts> = {}): MachineSetChainFacts {
  return { ...cluster, machineSet, machines: [machine], verdicts: new Map([["worker-a-1", "Verified"]]), ...change };
}
