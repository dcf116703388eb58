// A real node: a root file system, namespaces, containerd and a kubelet of its own, as a machine would have them.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { z } from "zod";
import type { Api } from "../api.ts";
import { type Child, startChild } from "../child.ts";
import { createDisk, type Disk, firstBoot } from "../disk.ts";
import type { Ground } from "../ground.ts";
import { daemonAnnotations } from "../kubelet.ts";
import { createNodeRoot, type NodeRoot } from "../node-root.ts";
import type { Birth } from "../simulated-node.ts";
import { until } from "../until.ts";
import { makeCgroups, removeCgroup } from "./cgroups.ts";
import { bridge, gateway, nodeAddress, podSubnet } from "./network.ts";
import { kubeletFlags, type NodeFiles, writeNodeFiles } from "./node-files.ts";

export interface RealNodeHost {
  ground: Ground;
  api: Api;
  /** Of the API server. */
  url: string;
  /** The directory with kubelet. */
  binaries: string;
  /** The directory with the archives of the images that its containerd is given. */
  images: string;
  /** The cgroups below which it gets its own. */
  cgroups: readonly string[];
}

export interface RealNodeBirth extends Omit<Birth, "providerId"> {
  /** Left out: it is no VM of vCenter. */
  providerId?: string;
  /** From 1; no two have the same. */
  number: number;
  role: "worker" | "master";
}

export interface RealNode {
  name: string;
  number: number;
  root: NodeRoot;
  disk: Disk;
  child: () => Child;
  /** Kills everything that runs on it, and boots it again: resolves when its kubelet has told the new boot id and is ready. */
  reboot: () => Promise<void>;
  stage: Disk["stage"];
  bootImage: Disk["stage"];
  /** Cuts its power and removes its Node. */
  shutDown: () => Promise<void>;
}

/** Boots a new node: resolves when it is Ready and has the labels and annotations of its pool. */
export async function bootRealNode(host: RealNodeHost, birth: RealNodeBirth): Promise<RealNode> {
  const { ground, api, url } = host;
  const { name, number, release, role, config } = birth;
  const root = await createNodeRoot(ground, name, release);
  const disk = createDisk(root, firstBoot(birth));
  await disk.write();
  const files = { name, number, root: root.path, url, release };
  await writeNodeFiles(ground, files);
  const flags = kubeletFlags(birth);
  const powerOn = () => switchOn(host, files, flags);
  let bootId = await root.newBoot();
  let child = await powerOn();
  await ready(host, name, bootId);
  const labels = { [`node-role.kubernetes.io/${role}`]: "" };
  await api.merge(`/api/v1/nodes/${name}`, { metadata: { labels, annotations: daemonAnnotations(config.name) } });
  const reboot = async () => {
    await switchOff(host, name, child);
    bootId = await root.newBoot();
    await disk.boot();
    child = await powerOn();
    await ready(host, name, bootId);
  };
  return {
    name,
    number,
    root,
    disk,
    child: () => child,
    reboot,
    stage: disk.stage,
    bootImage: async (pullspec, version) => {
      await disk.stage(pullspec, version);
      await reboot();
    },
    shutDown: async () => {
      await switchOff(host, name, child);
      await api.remove(`/api/v1/nodes/${name}`);
    },
  };
}

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function switchOn(host: RealNodeHost, files: NodeFiles, flags: string[]): Promise<Child> {
  const { ground } = host;
  const { name, number, root } = files;
  const cgroups = await makeCgroups(host.cgroups, name);
  const boot = [script("node-boot.sh"), root, name, nodeAddress(number), gateway, host.binaries, host.images];
  const child = startChild({
    name: `node/${name}`,
    command: "sh",
    arguments: [script("node-start.sh"), cgroups.join(" "), ...boot, ...flags],
    logFile: join(ground.logs, `node-${name}.log`),
    signal: ground.signal,
    killSignal: "SIGKILL",
  });
  const pid = (await child.line((line) => line.startsWith("pid "))).slice("pid ".length);
  const cable = `${bridge}-${number}`;
  // The kernel takes its time to remove that of the boot before.
  await ip("link", "delete", cable).catch(() => undefined);
  await ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", pid);
  await ip("link", "set", cable, "master", bridge, "up");
  await ip("route", "replace", podSubnet(number), "via", nodeAddress(number));
  return child;
}

async function ip(...commandLine: string[]): Promise<void> {
  await execa("ip", commandLine, { timeout: 10_000 });
}

/** As when its power is cut: nothing on it is told. Resolves when the last of its processes is gone. */
async function switchOff(host: RealNodeHost, name: string, child: Child): Promise<void> {
  await child.stop("SIGKILL");
  const { signal } = host.ground;
  await until({ signal, what: `the processes of ${name} are gone`, every: 20 }, async () => {
    for (const cgroup of host.cgroups) await removeCgroup(join(cgroup, name));
    return true;
  });
}

const Status = z.object({
  status: z.object({
    nodeInfo: z.object({ bootID: z.string() }),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })),
  }),
});

async function ready({ ground, api }: RealNodeHost, name: string, bootId: string): Promise<void> {
  await until({ signal: ground.signal, what: `node ${name} ready`, within: 60_000 }, async () => {
    const { status } = Status.parse(await api.get(`/api/v1/nodes/${name}`));
    const isReady = status.conditions.some(({ type, status: value }) => type === "Ready" && value === "True");
    return isReady && status.nodeInfo.bootID === bootId;
  });
}
