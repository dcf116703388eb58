// What a process costs, by the kernel's own account.
import { readdir, readFile } from "node:fs/promises";

export interface Memory {
  rssMiB: number;
  /** The part that is the process's alone; the rest is mapped from files. */
  anonMiB: number;
}

export async function memoryOf(pid: number): Promise<Memory> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const mib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
  return { rssMiB: mib("VmRSS"), anonMiB: mib("RssAnon") };
}

/** Seconds on a CPU of all its threads, to the nanosecond; the clock ticks of /proc/…/stat are too coarse for a process at rest. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const texts = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8")));
  return texts.reduce((sum, text) => sum + Number(text.split(" ")[0]), 0) / 1e9;
}

/** What the kubelet calls the working set, in MiB; null where the process has no cgroup (version 2) to itself. */
export async function workingSetOf(pid: number): Promise<number | null> {
  try {
    const path = /^0::(.+)$/m.exec(await readFile(`/proc/${pid}/cgroup`, "utf8"))?.[1] ?? "";
    const read = async (name: string) => await readFile(`/sys/fs/cgroup${path}/${name}`, "utf8");
    if ((await read("cgroup.procs")).trim() !== `${pid}`) return null;
    const inactive = /^inactive_file (\d+)$/m.exec(await read("memory.stat"))?.[1];
    return (Number(await read("memory.current")) - Number(inactive)) / 2 ** 20;
  } catch {
    return null;
  }
}
