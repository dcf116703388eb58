// The files of a node that boots: what containerd, its network plugins and kubelet read.
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Ground } from "../ground.ts";
import { writeKubeconfig } from "../kubeconfig.ts";
import { pauseName } from "./images.ts";
import { nodeAddress, podSubnet } from "./network.ts";

export interface NodeFiles {
  name: string;
  /** Of the node, from 1. */
  number: number;
  /** Path of its root, which has what an agent looks at already. */
  root: string;
  /** Of the API server. */
  url: string;
  /** Release of the OS. */
  release: string;
}

/** Where they are on the node. */
const directory = "/etc/lab";

export async function writeNodeFiles(ground: Ground, node: NodeFiles): Promise<void> {
  const { name, root, url } = node;
  for (const made of ["mnt", "opt", "root", "sys", "tmp", "var/lib", "var/log", "var/tmp", "etc/lab"]) {
    await mkdir(join(root, made), { recursive: true });
  }
  for (const link of ["bin", "sbin", "lib", "lib64"]) await symlink(`usr/${link}`, join(root, link));
  await symlink("../run", join(root, "var/run"));
  const address = nodeAddress(node.number);
  const serving = await ground.authority.issue(name, [name, address]);
  const client = await ground.authority.issue(`system:node:${name}`, [], { organization: "system:nodes" });
  await writeKubeconfig(ground, join(root, directory, "kubeconfig"), { url, client });
  const files = {
    "/etc/os-release": osRelease(node),
    "/etc/hostname": `${name}\n`,
    "/etc/hosts": `127.0.0.1 localhost\n${address} ${name}\n`,
    "/etc/resolv.conf": "",
    "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
    "/etc/group": "root:x:0:\n",
    "/etc/machine-id": `${crypto.randomUUID().replaceAll("-", "")}\n`,
    [`${directory}/ca.crt`]: ground.authority.certificate,
    [`${directory}/kubelet.crt`]: serving.certificate,
    [`${directory}/kubelet.key`]: serving.key,
    [`${directory}/kubelet.json`]: JSON.stringify(kubeletConfiguration(address)),
    [`${directory}/containerd.toml`]: containerdConfiguration,
    [`${directory}/cni/lab.conflist`]: JSON.stringify(podNetwork(node.number)),
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text, { mode: 0o644 });
  }
}

interface Registration {
  name: string;
  number: number;
  role: "worker" | "master";
  providerId?: string;
}

/** The flags of its kubelet, beside what the files say. */
export function kubeletFlags({ name, number, role, providerId }: Registration): string[] {
  return [
    `--config=${directory}/kubelet.json`,
    `--kubeconfig=${directory}/kubeconfig`,
    "--cert-dir=/var/lib/kubelet/pki",
    `--hostname-override=${name}`,
    `--node-ip=${nodeAddress(number)}`,
    ...(role === "master" ? ["--register-with-taints=node-role.kubernetes.io/master=:NoSchedule"] : []),
    ...(providerId === undefined ? [] : [`--provider-id=${providerId}`]),
    "--v=2",
  ];
}

function osRelease({ release }: NodeFiles): string {
  return [
    'NAME="Red Hat Enterprise Linux CoreOS"',
    "ID=rhcos",
    'ID_LIKE="rhel fedora"',
    `OSTREE_VERSION=${release}`,
    `PRETTY_NAME="Red Hat Enterprise Linux CoreOS ${release} (Plow)"`,
    "",
  ].join("\n");
}

function kubeletConfiguration(address: string): unknown {
  const never = [
    "memory.available",
    "nodefs.available",
    "nodefs.inodesFree",
    "imagefs.available",
    "imagefs.inodesFree",
  ];
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address,
    readOnlyPort: 0,
    tlsCertFile: `${directory}/kubelet.crt`,
    tlsPrivateKeyFile: `${directory}/kubelet.key`,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: `${directory}/ca.crt` },
    },
    authorization: { mode: "Webhook" },
    containerRuntimeEndpoint: "unix:///run/containerd/containerd.sock",
    cgroupDriver: "cgroupfs",
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    makeIPTablesUtilChains: false,
    // Neither may be set without CAP_SYS_RESOURCE.
    oomScoreAdj: 0,
    maxOpenFiles: 20_000,
    clusterDNS: ["10.0.0.10"],
    clusterDomain: "cluster.local",
    resolvConf: "/etc/resolv.conf",
    // The machine's disk is not the node's own.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: Object.fromEntries(never.map((name) => [name, "0%"])),
    nodeStatusUpdateFrequency: "5s",
  };
}

/** A bridge of its own on each node; the world routes between them. */
function podNetwork(number: number): unknown {
  const ipam = {
    type: "host-local",
    dataDir: "/run/cni",
    ranges: [[{ subnet: podSubnet(number) }]],
    routes: [{ dst: "0.0.0.0/0" }],
  };
  return {
    cniVersion: "0.4.0",
    name: "lab",
    plugins: [{ type: "bridge", bridge: "pods0", isGateway: true, ipMasq: false, ipam }],
  };
}

const containerdConfiguration = `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing",
]
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/containerd-opt"
[plugins."io.containerd.grpc.v1.cri"]
  stream_server_address = "127.0.0.1"
  sandbox_image = "${pauseName}"
  # Without CAP_SYS_RESOURCE no process may make itself less likely to be killed.
  restrict_oom_score_adj = true
  disable_apparmor = true
  disable_hugetlb_controller = true
  tolerate_missing_hugetlb_controller = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${directory}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = "/usr/sbin/runc"
        SystemdCgroup = false
`;
