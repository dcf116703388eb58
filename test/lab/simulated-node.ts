// A simulated node: it boots from its VM's disk, pivots to its pool's OS image, registers, and runs the real agent.

import { type AgentProgram, sources, startAgent } from "./agent-program.ts";
import type { Api, KubeObject } from "./api.ts";
import { createDisk, firstBoot } from "./disk.ts";
import type { Ground } from "./ground.ts";
import { createKubelet, type Kubelet } from "./kubelet.ts";
import { createNodeRoot } from "./node-root.ts";

export interface Birth {
  name: string;
  providerId: string;
  /** Release of the boot image on the disk, from the VM that it was cloned from. */
  release: string;
  /** The rendered MachineConfig of the node's pool. */
  config: { name: string; osImageUrl: string };
}

export interface SimulatedNode {
  name: string;
  /** URL of the agent's metrics. */
  metrics: string;
  agentPid: number;
  root: string;
  /** Boots again: a staged deployment becomes the booted one. */
  reboot: () => Promise<void>;
  /** Stages an OS image for the next boot. */
  stage: (pullspec: string, version: string) => Promise<void>;
  /** Makes the deployment before the booted one that of the next boot. */
  rollBack: () => Promise<void>;
  /** Unlocks the booted deployment; no directory that is watched is written. */
  unlock: () => Promise<void>;
  /** Boots again with packages upon the booted image. */
  layer: (packages: string[]) => Promise<void>;
  /** Writes another token of the agent's pod into its file; "spoilt": what no API server takes. */
  rotateToken: (token?: "spoilt") => Promise<void>;
  /** What its kubelet does when its Node is gone: it registers again. */
  registerAgain: () => Promise<void>;
  /** Boots an OS image that nobody asked for. */
  bootImage: (pullspec: string, version: string) => Promise<void>;
  /** Makes its rpm-ostree fail in a way that the player knows (its fault.go); undefined: work again. */
  fail: (fault: string | undefined) => Promise<void>;
  shutDown: () => Promise<void>;
}

interface Host {
  ground: Ground;
  api: Api;
  url: string;
  /** Of its agent, beside what each has. */
  agentEnvironment?: Record<string, string>;
}

/** Boots a node to the point where its agent runs. */
export async function bootNode(host: Host, birth: Birth): Promise<SimulatedNode> {
  const root = await createNodeRoot(host.ground, birth.name, birth.release);
  const disk = createDisk(root, firstBoot(birth));
  await disk.write();
  const kubelet = createKubelet(host.api, birth);
  let bootId = await root.newBoot();
  await kubelet.register(bootId, disk.booted().version);
  const environment = { ...sources.environment, ...host.agentEnvironment };
  const agent = await startAgent(host, { node: birth.name, hostRoot: root.path }, { ...sources, environment });
  const boot = async () => {
    await agent.stop();
    bootId = await root.newBoot();
    await disk.boot();
    await kubelet.booted(bootId, disk.booted().version);
    await agent.start();
  };
  return {
    name: birth.name,
    metrics: agent.metrics,
    get agentPid() {
      return agent.pid();
    },
    root: root.path,
    reboot: boot,
    stage: (pullspec, version) => disk.stage(pullspec, version),
    rollBack: disk.rollBack,
    unlock: disk.unlock,
    layer: async (packages) => {
      await disk.layer(packages);
      await boot();
    },
    rotateToken: agent.rotateToken,
    registerAgain: () => kubelet.register(bootId, disk.booted().version),
    bootImage: async (pullspec, version) => {
      await disk.stage(pullspec, version);
      await boot();
    },
    fail: root.fail,
    shutDown: () => shutDown(agent, kubelet),
  };
}

async function shutDown(agent: AgentProgram, kubelet: Kubelet): Promise<void> {
  await agent.remove();
  await kubelet.leave();
}

/** Whether a Machine's VM has a disk to boot from. */
export function isProvisioned(machine: KubeObject): machine is KubeObject & { spec: { providerID: string } } {
  const spec = machine.spec;
  return typeof spec === "object" && spec !== null && "providerID" in spec && typeof spec.providerID === "string";
}
