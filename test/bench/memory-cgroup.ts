// The memory cgroup of one process: what the kubelet counts as the working set of a container, measured where the kernel lets us.
import { copyFile, mkdir, readFile, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";

export interface MemoryCgroup {
  /** What to run in place of `process.execPath`, so that it is in the cgroup from its first page on. */
  command: string[];
  /** MiB, or null where it is no cgroup's. */
  workingSet: () => Promise<number | null>;
  /** As soon as nothing runs in it any more, and that is soon. */
  remove: () => Promise<void>;
}

/** Of cgroups version 1 and 2: where the hierarchy is, and what the files are called. */
const hierarchies = [
  { root: "/sys/fs/cgroup/memory", usage: "memory.usage_in_bytes", inactive: /^total_inactive_file (\d+)$/m },
  { root: "/sys/fs/cgroup", usage: "memory.current", inactive: /^inactive_file (\d+)$/m },
];

/**
 * A cgroup of its own, and a copy of Node in `directory` that no other process has read, so that its pages count as they do on a node on
 * which the agent's is the first container of its image. Without the right to make one, the process runs outside and the set is null.
 */
export async function memoryCgroup(directory: string): Promise<MemoryCgroup> {
  for (const { root, usage, inactive } of hierarchies) {
    const path = join(root, `bootwarden-bench-${process.pid}`);
    if (!(await isMade(path, usage))) continue;
    const node = join(directory, "node");
    await copyFile(process.execPath, node);
    await forgetPages(node);
    const enter = 'echo $$ > "$0" && exec "$@"';
    const read = async (file: string) => await readFile(join(path, file), "utf8");
    return {
      command: ["sh", "-c", enter, join(path, "cgroup.procs"), node],
      // As cAdvisor does it for the kubelet.
      workingSet: async () =>
        (Number(await read(usage)) - Number(inactive.exec(await read("memory.stat"))?.[1])) / 2 ** 20,
      remove: () => removeEmpty(path),
    };
  }
  return { command: [process.execPath], workingSet: async () => null, remove: async () => undefined };
}

/** Whether it is a cgroup that counts memory. */
async function isMade(path: string, usage: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch {
    return false;
  }
  const counts = await readFile(join(path, usage), "utf8").catch(() => null);
  if (counts === null) await rmdir(path);
  return counts !== null;
}

/** Writes the file to the disk and lets go of its pages, which are counted to whoever read or wrote them first. */
async function forgetPages(file: string): Promise<void> {
  await execa("chmod", ["755", file]);
  await execa("sync", [file]);
  await execa("dd", [`if=${file}`, "iflag=nocache", "count=0"]);
}

async function removeEmpty(path: string): Promise<void> {
  for (let tries = 100; tries > 0; tries--) {
    if ((await readFile(join(path, "cgroup.procs"), "utf8")) === "") return await rmdir(path);
    await pause(50);
  }
}
