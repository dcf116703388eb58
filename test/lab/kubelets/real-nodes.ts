// The real nodes of a lab: the loops that they need, the images that run on them, and one after the other.
import { basename, join } from "node:path";
import type { Api } from "../api.ts";
import { kubeletBinaries } from "../binaries.ts";
import type { Child } from "../child.ts";
import { type Installation, poolObjects } from "../cluster-objects.ts";
import type { ControlPlane } from "../control-plane.ts";
import type { Ground } from "../ground.ts";
import { LabError } from "../lab-error.ts";
import { poolConfig } from "../machine-room.ts";
import { releaseB } from "../releases.ts";
import { worldDirectory } from "../settings.ts";
import type { Birth } from "../simulated-node.ts";
import { ownCgroups } from "./cgroups.ts";
import { startClusterLoops } from "./cluster-loops.ts";
import { buildImages } from "./images.ts";
import { clusterAddress } from "./network.ts";
import { bootRealNode, type RealNode, type RealNodeHost } from "./real-node.ts";

export interface RealNodes {
  nodes: RealNode[];
  /** Boots one more worker, of a VM. */
  boot: (birth: Birth) => Promise<RealNode>;
  children: () => Child[];
}

/** Where the servers of a lab with real nodes listen. Throws a LabError outside of a world. */
export function worldAddress(): string {
  if (worldDirectory() !== undefined) return clusterAddress;
  throw new LabError(
    "Real nodes need a world of their own: start them with `npm run lab -- --kubelets 2` or `npm test`.",
  );
}

interface Host {
  ground: Ground;
  api: Api;
  controlPlane: ControlPlane;
  installation: Installation;
  /** What `prepareRealNodes` has made. */
  parts: RealNodeParts;
}

export interface RealNodeParts {
  /** The directory with kubelet and what belongs to it. */
  binaries: string;
  /** The directory with the archives of images. */
  images: string;
}

/** Makes what is needed before there is a cluster; the binaries have to be built already, as no module can be got in a world. */
export async function prepareRealNodes(ground: Ground, say: (line: string) => void): Promise<RealNodeParts> {
  const binaries = await kubeletBinaries(ground.signal, say);
  const images = join(ground.directory, "images");
  await buildImages(images, binaries);
  return { binaries, images };
}

/** Boots `count` nodes at once: the first of the control plane, the others workers. Resolves when all are ready. */
export async function startRealNodes(host: Host, count: number): Promise<RealNodes> {
  const { ground, api, controlPlane, installation, parts } = host;
  for (const object of poolObjects(installation, "master")) await api.apply(object);
  const loops = await startClusterLoops(ground, controlPlane, parts.binaries);
  const world = basename(worldDirectory() ?? "");
  const cgroups = (await ownCgroups()).map((directory) => join(directory, world));
  const nodeHost: RealNodeHost = { ground, api, url: controlPlane.url, ...parts, cgroups };
  const nodes = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const role = index === 0 ? "master" : "worker";
      const name = index === 0 ? "control-plane-0" : `worker-${index - 1}`;
      const config = await poolConfig(api, role);
      return await bootRealNode(nodeHost, { name, number: index + 1, role, release: releaseB, config });
    }),
  );
  const later: RealNode[] = [];
  let last = count;
  return {
    nodes,
    boot: async (birth) => {
      const node = await bootRealNode(nodeHost, { ...birth, number: ++last, role: "worker" });
      later.push(node);
      return node;
    },
    children: () => [...loops, ...[...nodes, ...later].map((node) => node.child())],
  };
}
