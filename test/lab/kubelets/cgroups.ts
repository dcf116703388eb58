// The cgroups of a world and its nodes: below the one that started them, in each hierarchy of cgroups version 1.
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LabError } from "../lab-error.ts";

const mounted = "/sys/fs/cgroup";

/** The directories of this process's own cgroups. Throws a LabError where there are none of version 1. */
export async function ownCgroups(): Promise<string[]> {
  const lines = (await readFile("/proc/self/cgroup", "utf8")).trim().split("\n");
  const directories = lines.flatMap((line) => {
    const [, controllers = "", path = ""] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    return controllers === "" ? [] : [join(mounted, controllers.replace(/^name=/, ""), path)];
  });
  if (!directories.some((directory) => directory.startsWith(join(mounted, "memory")))) {
    throw new LabError("there are no cgroups of version 1 with memory, which real nodes of the lab need");
  }
  return directories;
}

/** Makes the cgroup `name` below each of `parents`. */
export async function makeCgroups(parents: readonly string[], name: string): Promise<string[]> {
  const made = parents.map((parent) => join(parent, name));
  for (const directory of made) {
    await mkdir(directory, { recursive: true });
    // A new cgroup of cpuset has no CPU, and takes no process.
    if (!directory.startsWith(join(mounted, "cpuset"))) continue;
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
      await writeFile(join(directory, file), await readFile(join(directory, "..", file)));
    }
  }
  return made;
}

/** Removes the cgroup and all below it, if it is there. Throws as long as there is a process in one of them. */
export async function removeCgroup(directory: string): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return;
  for (const entry of entries) if (entry.isDirectory()) await removeCgroup(join(directory, entry.name));
  await rmdir(directory);
}
