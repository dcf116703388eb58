// The machine room: boots a simulated node for every VM that the Machine API creates, and plays what people ask for.
import { z } from "zod";
import { pause } from "../../common/deadline.ts";
import type { Api, KubeObject } from "./api.ts";
import type { Ground } from "./ground.ts";
import { osDigest, osImage } from "./releases.ts";
import { bootNode, isProvisioned, type SimulatedNode } from "./simulated-node.ts";
import type { VCenter } from "./vcenter.ts";

export interface MachineRoom {
  nodes: Map<string, SimulatedNode>;
  /** Resolves when the room is closed and every node is down. */
  closed: Promise<void>;
}

interface Host {
  ground: Ground;
  api: Api;
  /** The API server's. */
  url: string;
  vcenter: VCenter;
}

const machines = "/apis/machine.openshift.io/v1beta1/namespaces/openshift-machine-api/machines";

/** Annotation of a Machine by which a person makes its node do something: `reboot`, `stage` or `wrong-image`. */
export const playAnnotation = "lab.bootwarden.io/play";

/** Opens the room; it looks at the Machines twice a second until the signal. */
export function openMachineRoom(host: Host): MachineRoom {
  const nodes = new Map<string, SimulatedNode>();
  const look = async () => {
    while (!host.ground.signal.aborted) {
      await attend(host, nodes).catch((error: unknown) => {
        if (!host.ground.signal.aborted) console.error("machine room:", error);
      });
      await pause(host.ground.signal, 500);
    }
  };
  return { nodes, closed: look() };
}

async function attend(host: Host, nodes: Map<string, SimulatedNode>): Promise<void> {
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
      const booted = await boot(host, machine);
      if (booted !== undefined) nodes.set(machine.metadata.name, booted);
    }
  }
}

async function boot(
  host: Host,
  machine: KubeObject & { spec: { providerID: string } },
): Promise<SimulatedNode | undefined> {
  const { name } = machine.metadata;
  const release = await releaseOfRunningVm(host.vcenter, name);
  if (release === undefined) return undefined;
  return await bootNode(host, {
    name,
    providerId: machine.spec.providerID,
    release,
    config: await poolConfig(host.api),
  });
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

/** What the machine config server would hand to a new worker. */
async function poolConfig(api: Api): Promise<{ name: string; osImageUrl: string }> {
  const root = "/apis/machineconfiguration.openshift.io/v1";
  const Pool = z.object({ spec: z.object({ configuration: z.object({ name: z.string() }) }) });
  const { name } = Pool.parse(await api.get(`${root}/machineconfigpools/worker`)).spec.configuration;
  const Config = z.object({ spec: z.object({ osImageURL: z.string() }) });
  return { name, osImageUrl: Config.parse(await api.get(`${root}/machineconfigs/${name}`)).spec.osImageURL };
}

async function play({ api }: Host, machine: KubeObject, node: SimulatedNode): Promise<void> {
  const wish = machine.metadata.annotations?.[playAnnotation];
  if (wish === undefined) return;
  await api.merge(`${machines}/${node.name}`, { metadata: { annotations: { [playAnnotation]: null } } });
  const other = osImage(osDigest("wrong"));
  if (wish === "reboot") await node.reboot();
  else if (wish === "stage") await node.stage(other, "9.9.20261201-0");
  else if (wish === "wrong-image") await node.bootImage(other, "9.9.20261201-0");
  else console.error(`machine room: ${node.name}: nobody knows how to play ${wish}: reboot, stage or wrong-image`);
}
