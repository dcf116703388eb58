// The kubelet and the machine-config-daemon of a simulated node: they register its Node and keep it told.
import type { Api } from "./api.ts";
import type { Birth } from "./simulated-node.ts";

export interface Kubelet {
  /** Creates the Node with the machine-config-daemon's annotations, Ready. */
  register: (bootId: string, version: string) => Promise<void>;
  /** Tells the Node of a new boot. */
  booted: (bootId: string, version: string) => Promise<void>;
  leave: () => Promise<void>;
}

const mco = "machineconfiguration.openshift.io";

/** Acts with the rights of a kubelet, which NodeRestriction confines to its own Node. */
export function createKubelet(api: Api, { name, providerId, config }: Birth): Kubelet {
  const kubelet = api.asKubelet(name);
  const path = `/api/v1/nodes/${name}`;
  const booted = async (bootId: string, version: string) => {
    await kubelet.merge(`${path}/status`, { status: statusOf(name, bootId, version) });
  };
  return {
    booted,
    register: async (bootId, version) => {
      await api.remove(path);
      await kubelet.send("POST", "/api/v1/nodes", {
        apiVersion: "v1",
        kind: "Node",
        metadata: {
          name,
          labels: { "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" },
          annotations: daemonAnnotations(config.name),
        },
        spec: { providerID: providerId },
      });
      // OpenShift's kubelet may give itself this label; an unpatched NodeRestriction refuses it.
      await api.merge(path, { metadata: { labels: { "node-role.kubernetes.io/worker": "" } }, spec: { taints: null } });
      await booted(bootId, version);
    },
    leave: () => api.remove(path),
  };
}

/** What the machine-config-daemon writes onto a Node that is on the rendered configuration of that name. */
export function daemonAnnotations(config: string): Record<string, string> {
  return {
    [`${mco}/currentConfig`]: config,
    [`${mco}/desiredConfig`]: config,
    [`${mco}/firstPivotConfig`]: config,
    [`${mco}/state`]: "Done",
    [`${mco}/reason`]: "",
  };
}

function statusOf(name: string, bootID: string, version: string): unknown {
  const now = new Date().toISOString().replace(/\.\d+/, "");
  const ready = { type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" };
  return {
    conditions: [{ ...ready, lastHeartbeatTime: now, lastTransitionTime: now }],
    addresses: [{ type: "Hostname", address: name }],
    nodeInfo: {
      architecture: "amd64",
      bootID,
      containerRuntimeVersion: "cri-o://1.33.4",
      kernelVersion: "5.14.0-570.58.1.el9_6.x86_64",
      kubeProxyVersion: "",
      kubeletVersion: "v1.33.5",
      machineID: "4213f5c19a5b6f372b1d0a5e8ff2c901",
      operatingSystem: "linux",
      osImage: `Red Hat Enterprise Linux CoreOS ${version} (Plow)`,
      systemUUID: "c1f51342-5b9a-376f-2b1d-0a5e8ff2c901",
    },
  };
}
