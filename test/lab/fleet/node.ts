// The Node of a fleet, of the size that it has in a real cluster.
import type { KubeObject } from "../api.ts";
import { renderedConfig } from "../cluster-objects.ts";
import { releaseB } from "../releases.ts";
import { began, type Member, uuid } from "./member.ts";
import { fleetReport, reportAnnotations } from "./report.ts";

const mco = "machineconfiguration.openshift.io";

/** A Node with 50 images, as kubelet, Machine Config Operator, network and storage leave it: more than 15 KB. */
export function fleetNode(member: Member): KubeObject {
  const { name, zone, providerID } = member;
  const topology = { "topology.kubernetes.io/region": "east", "topology.kubernetes.io/zone": `east-${zone.suffix}` };
  const drain = `uncordon-${renderedConfig}`;
  const written = Object.entries(reportAnnotations(fleetReport(member))).filter(([, value]) => value !== null);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        ...topology,
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/instance-type": "vsphere-vm.cpu-16.mem-64gb.os-unknown",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "node-role.kubernetes.io/worker": "",
        "node.kubernetes.io/instance-type": "vsphere-vm.cpu-16.mem-64gb.os-unknown",
        "node.openshift.io/os_id": "rhel",
      },
      annotations: {
        ...Object.fromEntries(written),
        "csi.volume.kubernetes.io/nodeid": JSON.stringify({ "csi.vsphere.vmware.com": uuid(`csi ${name}`) }),
        "k8s.ovn.org/l3-gateway-config": JSON.stringify(gateway(name)),
        "k8s.ovn.org/node-chassis-id": uuid(`chassis ${name}`),
        "machine.openshift.io/machine": `openshift-machine-api/${name}`,
        [`${mco}/controlPlaneTopology`]: "HighlyAvailable",
        [`${mco}/currentConfig`]: renderedConfig,
        [`${mco}/desiredConfig`]: renderedConfig,
        [`${mco}/desiredDrain`]: drain,
        [`${mco}/firstPivotConfig`]: renderedConfig,
        [`${mco}/lastAppliedDrain`]: drain,
        [`${mco}/lastSyncedControllerConfigResourceVersion`]: "104233",
        [`${mco}/reason`]: "",
        [`${mco}/state`]: "Done",
      },
    },
    spec: { providerID },
    status: nodeStatus(member),
  };
}

function gateway(name: string) {
  return {
    default: {
      mode: "shared",
      "bridge-id": "br-ex",
      "interface-id": `br-ex_${name}`,
      "mac-address": "00:50:56:a1:b2:c3",
    },
  };
}

function nodeStatus({ name, bootID }: Member) {
  const room = { cpu: "16", "ephemeral-storage": "125293548Ki", memory: "65825060Ki", pods: "250" };
  return {
    addresses: ["InternalIP", "ExternalIP"].map((type) => ({ type, address: "10.40.1.21" })),
    allocatable: room,
    capacity: room,
    conditions: nodeConditions(),
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    images: [...Array(50).keys()].map((image) => ({
      names: [uuid(`${image}`), uuid(`other ${image}`)].map(
        (part) =>
          `quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:${part.replaceAll("-", "").repeat(2).slice(0, 64)}`,
      ),
      sizeBytes: 400_000_000 + image,
    })),
    nodeInfo: {
      architecture: "amd64",
      bootID,
      containerRuntimeVersion: "cri-o://1.33.4",
      kernelVersion: "5.14.0-570.58.1.el9_6.x86_64",
      kubeProxyVersion: "",
      kubeletVersion: "v1.33.5",
      machineID: uuid(`machine ${name}`).replaceAll("-", ""),
      operatingSystem: "linux",
      osImage: `Red Hat Enterprise Linux CoreOS ${releaseB} (Plow)`,
      systemUUID: uuid(name),
    },
  };
}

/** As the kubelet says them anew with each of its status updates. */
export function nodeConditions(now = began) {
  const condition = (type: string, reason: string, message: string) => ({
    type,
    status: type === "Ready" ? "True" : "False",
    lastHeartbeatTime: now,
    lastTransitionTime: began,
    reason,
    message,
  });
  return [
    condition("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    condition("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    condition("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    condition("Ready", "KubeletReady", "kubelet is posting ready status"),
  ];
}
