// The machine room: boots a node for every VM that the Machine API creates, and plays what people ask for.
import { z } from "zod";
import { pause } from "../../common/deadline.ts";
import type { Api, KubeObject } from "./api.ts";
import type { Ground } from "./ground.ts";
import { osDigest, osImage } from "./releases.ts";
import { type Birth, isProvisioned, type SimulatedNode } from "./simulated-node.ts";
import type { VCenter } from "./vcenter.ts";

/** What the room does with a node. */
export type RoomNode = Pick<SimulatedNode, "name" | "reboot" | "stage" | "bootImage" | "shutDown">;

export interface MachineRoom<Node extends RoomNode = SimulatedNode> {
  nodes: Map<string, Node>;
  /** Resolves when the room is closed and every node is down. */
  closed: Promise<void>;
}

interface Host {
  ground: Ground;
  api: Api;
  vcenter: VCenter;
}

type Boot<Node> = (birth: Birth) => Promise<Node>;

const machines = "/apis/machine.openshift.io/v1beta1/namespaces/openshift-machine-api/machines";

/** Annotation of a Machine by which a person makes its node do something: `reboot`, `stage` or `wrong-image`. */
export const playAnnotation = "lab.bootwarden.io/play";

/** Opens the room; it looks at the Machines twice a second until the signal. */
export function openMachineRoom<Node extends RoomNode>(host: Host, boot: Boot<Node>): MachineRoom<Node> {
  const nodes = new Map<string, Node>();
  const look = async () => {
    while (!host.ground.signal.aborted) {
      await attend(host, nodes, boot).catch((error: unknown) => {
        if (!host.ground.signal.aborted) console.error("machine room:", error);
      });
      await pause(host.ground.signal, 500);
    }
  };
  return { nodes, closed: look() };
}

async function attend<Node extends RoomNode>(host: Host, nodes: Map<string, Node>, boot: Boot<Node>): Promise<void> {
  const present = await host.api.list(machines);
  const names = new Set(present.map((machine) => machine.metadata.name));
  for (const [name, node] of nodes) {
    if (names.has(name)) continue;
    nodes.delete(name);
    await node.shutDown();
  }
  for (const machine of present) {
    const node = nodes.get(machine.metadata.name);
    if (node !== undefined) await play(host, machine, node);
    else if (isProvisioned(machine) && machine.metadata.deletionTimestamp === undefined) {
      const birth = await birthOf(host, machine);
      if (birth !== undefined) nodes.set(machine.metadata.name, await boot(birth));
    }
  }
}

async function birthOf(host: Host, machine: KubeObject & { spec: { providerID: string } }): Promise<Birth | undefined> {
  const { name } = machine.metadata;
  const release = await releaseOfRunningVm(host.vcenter, name);
  if (release === undefined) return undefined;
  return { name, providerId: machine.spec.providerID, release, config: await poolConfig(host.api) };
}

const VmInfo = z.object({
  virtualMachines: z
    .array(
      z.object({
        runtime: z.object({ powerState: z.string() }),
        summary: z.object({ config: z.object({ product: z.object({ version: z.string() }).optional() }) }),
      }),
    )
    .nullable(),
});

/** The product version of a VM that runs: its disk is a copy of its template's. */
async function releaseOfRunningVm(vcenter: VCenter, name: string): Promise<string | undefined> {
  const { virtualMachines } = VmInfo.parse(JSON.parse(await vcenter.govc("vm.info", "-json", name)));
  const vm = virtualMachines?.[0];
  return vm?.runtime.powerState === "poweredOn" ? vm.summary.config.product?.version : undefined;
}

/** What the machine config server would hand to a new node of the pool. */
export async function poolConfig(api: Api, pool = "worker"): Promise<{ name: string; osImageUrl: string }> {
  const root = "/apis/machineconfiguration.openshift.io/v1";
  const Pool = z.object({ spec: z.object({ configuration: z.object({ name: z.string() }) }) });
  const { name } = Pool.parse(await api.get(`${root}/machineconfigpools/${pool}`)).spec.configuration;
  const Config = z.object({ spec: z.object({ osImageURL: z.string() }) });
  return { name, osImageUrl: Config.parse(await api.get(`${root}/machineconfigs/${name}`)).spec.osImageURL };
}

async function play({ api }: Host, machine: KubeObject, node: RoomNode): Promise<void> {
  const wish = machine.metadata.annotations?.[playAnnotation];
  if (wish === undefined) return;
  await api.merge(`${machines}/${node.name}`, { metadata: { annotations: { [playAnnotation]: null } } });
  const other = osImage(osDigest("wrong"));
  if (wish === "reboot") await node.reboot();
  else if (wish === "stage") await node.stage(other, "9.9.20261201-0");
  else if (wish === "wrong-image") await node.bootImage(other, "9.9.20261201-0");
  else console.error(`machine room: ${node.name}: nobody knows how to play ${wish}: reboot, stage or wrong-image`);
}
