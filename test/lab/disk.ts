// The disk of a simulated node: its deployments, as updates, stagings and boots change them.
import type { NodeRoot } from "./node-root.ts";
import { type DeploymentState, deploymentOf } from "./ostree-status.ts";
import { osDigest, osImage } from "./releases.ts";

interface Flashed {
  /** Release of the boot image. */
  release: string;
  /** The rendered MachineConfig of the node's pool. */
  config: { osImageUrl: string };
}

export interface Disk {
  booted: () => DeploymentState;
  write: () => Promise<void>;
  stage: (pullspec: string, version: string) => Promise<void>;
  /** What waits for the next boot does so no more. */
  cleanUp: () => Promise<void>;
  rollBack: () => Promise<void>;
  unlock: () => Promise<void>;
  /** Packages upon the booted image, from the next boot on. */
  layer: (packages: string[]) => Promise<void>;
  boot: () => Promise<void>;
}

export function createDisk(root: NodeRoot, initial: DeploymentState[]): Disk {
  let deployments = initial;
  const booted = () => {
    const found = deployments.find((deployment) => deployment.booted);
    if (found === undefined) throw new TypeError("a disk has a booted deployment");
    return found;
  };
  const write = () => root.deploy(deployments);
  return {
    booted,
    write,
    stage: async (pullspec, version) => {
      deployments = [{ ...deploymentOf(pullspec, version), staged: true }, booted()];
      await write();
    },
    cleanUp: async () => {
      deployments = deployments.filter(({ staged }) => !staged);
      await write();
    },
    rollBack: async () => {
      deployments = [...deployments.filter((deployment) => !deployment.booted), booted()];
      await write();
    },
    unlock: async () => {
      deployments = deployments.map((one) => (one.booted ? { ...one, unlocked: "development" } : one));
      await root.change(deployments);
    },
    layer: async (layered) => {
      deployments = [{ ...booted(), booted: false, staged: true, layered }, booted()];
      await write();
    },
    boot: async () => {
      // What was unlocked for development is so until the next boot.
      deployments = deployments.map(({ unlocked: _, ...one }, index) => ({
        ...one,
        booted: index === 0,
        staged: false,
      }));
      await write();
    },
  };
}

/** Ignition's first boot: a disk that already has the pool's OS image does not pivot. */
export function firstBoot({ release, config }: Flashed): DeploymentState[] {
  const flashed = deploymentOf(osImage(osDigest(release)), release);
  if (config.osImageUrl.endsWith(flashed.digest)) return [{ ...flashed, booted: true }];
  return [{ ...deploymentOf(config.osImageUrl, "9.8.20261116-0"), booted: true }, flashed];
}
