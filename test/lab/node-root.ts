// The root of a simulated node: what an agent finds when it chroots into the host.
import { randomUUID } from "node:crypto";
import { chmod, copyFile, mkdir, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Ground } from "./ground.ts";
import { type DeploymentState, statusOf } from "./ostree-status.ts";

export interface NodeRoot {
  path: string;
  /** Writes the deployments as an update, a staging or a boot of the real host would leave them. */
  deploy: (deployments: DeploymentState[]) => Promise<void>;
  /** The same for what leaves no trace in the file system. */
  change: (deployments: DeploymentState[]) => Promise<void>;
  /** Makes rpm-ostree fail as the player knows to (its fault.go), or work again. */
  fail: (fault: string | undefined) => Promise<void>;
  /** A new kernel's boot id, as after a reboot. */
  newBoot: () => Promise<string>;
  /** How often its rpm-ostree was run. */
  runs: () => Promise<number>;
}

/** Makes the root of a node whose disk was flashed with the boot image of `release`. */
export async function createNodeRoot(ground: Ground, name: string, release: string): Promise<NodeRoot> {
  const path = join(ground.directory, "nodes", name);
  const inside = (file: string) => join(path, file);
  for (const directory of directories) await mkdir(inside(directory), { recursive: true });
  await copyFile(join(ground.binaries, "rpm-ostree"), inside("usr/bin/rpm-ostree"));
  await chmod(inside("usr/bin/rpm-ostree"), 0o755);
  await writeFile(inside("run/ostree-booted"), "");
  await writeFile(inside("dev/null"), "");
  await writeFile(inside(runsFile), "");
  await writeFile(inside("sysroot/.aleph-version.json"), alephOf(release));
  await symlink(".aleph-version.json", inside("sysroot/.coreos-aleph-version.json"));
  const newBoot = async () => {
    const bootId = randomUUID();
    await writeFile(inside("proc/sys/kernel/random/boot_id"), `${bootId}\n`);
    return bootId;
  };
  const runs = async () => (await stat(inside(runsFile))).size;
  return { path, newBoot, runs, ...rpmOstree(inside) };
}

/** Grows by one byte with each run of the player. */
const runsFile = "run/lab/runs";

const directories = [
  "usr/bin",
  "run/lab",
  "run/ostree",
  "ostree/deploy/rhcos/deploy",
  "sysroot",
  "dev",
  "proc/sys/kernel/random",
];

/** What the player of rpm-ostree is told by its state file. */
function rpmOstree(inside: (file: string) => string): Pick<NodeRoot, "deploy" | "change" | "fail"> {
  let status: unknown;
  let fault: string | undefined;
  const write = async () => {
    const file = inside("run/lab/rpm-ostree.json");
    await writeFile(`${file}.new`, JSON.stringify({ status, fault }));
    await rename(`${file}.new`, file);
  };
  // libostree touches this directory after each write of deployments, also after staging: its sign to watchers.
  const touch = async () => {
    const now = new Date();
    await utimes(inside("ostree/deploy"), now, now);
  };
  return {
    deploy: async (deployments) => {
      status = statusOf(deployments);
      for (const { checksum } of deployments) {
        await mkdir(inside(`ostree/deploy/rhcos/deploy/${checksum}.0`), { recursive: true });
      }
      await markStaged(
        inside("run/ostree/staged-deployment"),
        deployments.some(({ staged }) => staged),
      );
      await write();
      await touch();
    },
    change: async (deployments) => {
      status = statusOf(deployments);
      await write();
    },
    fail: async (next) => {
      fault = next;
      await write();
      await touch();
    },
  };
}

/** libostree's file for the service that finalizes a staged deployment at shutdown; it is gone after the boot. */
async function markStaged(file: string, staged: boolean): Promise<void> {
  if (staged) await writeFile(file, "");
  else await rm(file, { force: true });
}

/** The aleph file as osbuild writes it into a boot image. */
function alephOf(release: string): string {
  return JSON.stringify({
    "osbuild-version": "150",
    ref: `docker://ostree-image-signed:oci-archive:/rhcos-${release}-ostree.x86_64.ociarchive`,
    version: release,
    "container-image": {
      "image-name": `rhcos-${release}-ostree.x86_64.ociarchive`,
      "image-digest": `sha256:${"c".repeat(64)}`,
      "image-labels": {},
    },
  });
}
