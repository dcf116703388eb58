// The lab: a whole vSphere OpenShift cluster of real servers on loopback, in which bootwarden does its work.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Api, connect, type KubeObject } from "./api.ts";
import { binaries } from "./binaries.ts";
import type { Child } from "./child.ts";
import { clusterObjects, type Installation } from "./cluster-objects.ts";
import { type ControlPlane, startControlPlane } from "./control-plane.ts";
import { type ControllerProgram, startController } from "./controller-program.ts";
import { established, installCrds, kubectlApply, policiesHold } from "./crds.ts";
import { type Ground, layGround } from "./ground.ts";
import { type ImageServer, startImageServer } from "./image-server.ts";
import { installTemplates } from "./installer.ts";
import { servingSecrets, writeOverlay } from "./kubelets/installation.ts";
import type { RealNode } from "./kubelets/real-node.ts";
import { prepareRealNodes, startRealNodes, worldAddress } from "./kubelets/real-nodes.ts";
import { startMachineApi } from "./machine-api.ts";
import { type MachineRoom, openMachineRoom } from "./machine-room.ts";
import { oldMachineSet } from "./old-machine-set.ts";
import { policyObjects } from "./policy-objects.ts";
import { osDigest, releaseA, releaseB } from "./releases.ts";
import { bootNode } from "./simulated-node.ts";
import { furtherZones, oldZone, type Site, westZones, zones } from "./topology.ts";
import { startVCenter, type VCenter } from "./vcenter.ts";
import { bootImages, type Image, machineSet, vsphereObjects } from "./vsphere-objects.ts";

export interface LabOptions {
  controller: boolean;
  nodes: boolean;
  machineSets: boolean;
  /** Size of the images' disks in MiB. */
  imageMiB: number;
  /** A second vCenter, `localhost`, with MachineSets of its own. */
  west?: boolean;
  /** How many real nodes there are from the start: the first of the control plane, the others workers. Only in a world (kubelets/world.ts). */
  kubelets?: number;
  /** Nothing of bootwarden's is there yet, for somebody to install it. */
  bare?: boolean;
  /** Four places in the first vCenter in place of two. */
  further?: boolean;
  /** Further flags of the first vCenter; some name files, which need the ground. */
  vcenterFlags?: string[] | ((ground: Ground) => Promise<string[]>);
  say: (line: string) => void;
}

export interface Lab {
  ground: Ground;
  api: Api;
  controlPlane: ControlPlane;
  vcenter: VCenter;
  /** The second vCenter, if there is one. */
  west: VCenter | undefined;
  mirror: ImageServer;
  /** Release A, which the cluster was installed with, and release B. */
  images: [Image, Image];
  installation: Installation;
  /** Path of the ConfigMap by which release B appears. */
  releaseFile: string;
  controller: ControllerProgram | undefined;
  room: MachineRoom | undefined;
  /** The same, of real nodes. */
  realRoom: MachineRoom<RealNode> | undefined;
  /** None where `kubelets` was left out. */
  realNodes: RealNode[];
  children: () => Child[];
  /** Stops everything and removes the lab's files. */
  close: () => Promise<void>;
}

const base = fileURLToPath(new URL("../../manifests/base", import.meta.url));

/** Starts the lab; it ends with `close` or with the signal. */
export async function startLab(options: LabOptions, signal: AbortSignal): Promise<Lab> {
  const end = new AbortController();
  const address = options.kubelets ? worldAddress() : undefined;
  const ground = await layGround(await binaries(signal, options.say), AbortSignal.any([signal, end.signal]), address);
  try {
    return await raise(ground, options, end);
  } catch (error) {
    end.abort();
    throw error;
  }
}

async function raise(ground: Ground, options: LabOptions, end: AbortController): Promise<Lab> {
  const [cluster, parts] = await Promise.all([
    raiseCluster(ground, options),
    options.kubelets ? prepareRealNodes(ground, options.say) : undefined,
  ]);
  const { api, controlPlane, vcenter, west, machineApi } = cluster;
  const host = { ground, api, url: controlPlane.url, vcenter };
  const controller = options.controller ? await startController(host) : undefined;
  if (parts && !options.bare) for (const secret of await servingSecrets(ground)) await api.apply(secret);
  const real = parts && (await startRealNodes({ ...cluster, ground, parts }, options.kubelets ?? 0));
  const room = options.nodes && !real ? openMachineRoom(host, (birth) => bootNode(host, birth)) : undefined;
  const realRoom = options.nodes && real ? openMachineRoom(host, real.boot) : undefined;
  const children = () => [
    ...controlPlane.children,
    vcenter.child,
    ...(west === undefined ? [] : [west.child]),
    ...machineApi,
    ...(controller === undefined ? [] : [controller.child()]),
    ...(real?.children() ?? []),
  ];
  const close = async () => {
    await controller?.stop();
    end.abort();
    await Promise.all([room?.closed, realRoom?.closed]);
    await Promise.all(children().map((child) => child.ended));
    await ground.clear();
  };
  return { ground, ...cluster, controller, room, realRoom, realNodes: real?.nodes ?? [], children, close };
}

/** Everything but bootwarden's programs and the nodes. */
async function raiseCluster(ground: Ground, options: LabOptions) {
  const { vcenterFlags = [] } = options;
  const flags = typeof vcenterFlags === "function" ? await vcenterFlags(ground) : vcenterFlags;
  const [controlPlane, vcenter, west, mirror] = await Promise.all([
    startControlPlane(ground, options.kubelets ? { port: 443, kubelets: true } : {}),
    startVCenter(ground, { flags }),
    options.west ? startVCenter(ground, { name: "vcenter-west", server: "localhost" }) : undefined,
    startImageServer(ground.authority, ground.signal),
  ]);
  const images = [releaseA, releaseB].map((release) => publish(mirror, release, options.imageMiB)) as [Image, Image];
  const sites = sitesOf({ vcenter, west, further: options.further ?? false });
  const installation = { sites, version: "4.20.14", osDigest: osDigest(releaseB) };
  const releaseFile = join(ground.directory, "release-b.json");
  await writeFile(releaseFile, JSON.stringify(bootImages("4.20.15", images[1]), null, 2));
  const api = await connect(controlPlane.kubeconfig, ground.dispatcher);
  const installed = options.kubelets ? await writeOverlay(ground) : base;
  const manifests = options.bare ? undefined : installed;
  const old = options.machineSets && oldZone !== undefined ? oldMachineSet(vcenter.server, oldZone) : undefined;
  const [machineApi] = await Promise.all([
    furnish(ground, api, { kubeconfig: controlPlane.kubeconfig, installation, image: images[0], old, manifests }),
    ...(west === undefined ? [] : [installTemplates(ground, west, { release: releaseA, into: westZones })]),
    furnishVCenter(ground, vcenter, options.further ?? false),
  ]);
  for (const { server, zones } of options.machineSets ? sites : [])
    for (const zone of zones) if (zone !== oldZone) await api.apply(machineSet(server, zone));
  return { api, controlPlane, vcenter, west, mirror, images, installation, releaseFile, machineApi };
}

function sitesOf({ vcenter, west, further }: Pick<Lab, "vcenter" | "west"> & { further: boolean }): Site[] {
  const { server, port } = vcenter;
  const first = { server, port, zones: further ? [...zones, ...furtherZones] : zones };
  return west === undefined ? [first] : [first, { server: west.server, port: west.port, zones: westZones }];
}

async function furnishVCenter(ground: Ground, vcenter: VCenter, further: boolean): Promise<void> {
  await installTemplates(ground, vcenter, { release: releaseA });
  if (!further) return;
  await vcenter.govc("pool.create", ...furtherZones.map(({ resourcePool }) => resourcePool));
  await installTemplates(ground, vcenter, { release: releaseA, into: furtherZones });
}

function publish(mirror: ImageServer, release: string, imageMiB: number): Image {
  const { url, sha256 } = mirror.publish({ release, diskBytes: imageMiB * 1024 * 1024 });
  return { release, url, sha256 };
}

interface Furnishing {
  kubeconfig: string;
  installation: Installation;
  image: Image;
  old: KubeObject | undefined;
  /** The directory of bootwarden's own; undefined: they are not applied. */
  manifests: string | undefined;
}

/** CRDs, the objects of an installed cluster, the Machine API, and bootwarden's own manifests. */
async function furnish(ground: Ground, api: Api, furnishing: Furnishing): Promise<Child[]> {
  const { kubeconfig, installation, image, old, manifests } = furnishing;
  await installCrds(ground, api, kubeconfig);
  const objects = [
    ...clusterObjects(installation),
    ...vsphereObjects(installation),
    bootImages(installation.version, image),
  ];
  for (const object of objects) await api.apply(object);
  const children = await startMachineApi(ground, api, { kubeconfig, old });
  if (manifests === undefined) return children;
  await kubectlApply(ground, kubeconfig, ["-k", manifests]);
  await Promise.all([established(ground, api), policiesHold(ground, api)]);
  const servers = installation.sites.map(({ server }) => server);
  for (const object of policyObjects(servers, ground.authority.certificate)) await api.apply(object);
  return children;
}
