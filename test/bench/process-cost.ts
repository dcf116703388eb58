// What a process costs, by the kernel's own account.
import { readdir, readFile } from "node:fs/promises";

export interface Memory {
  rssMiB: number;
  /** The highest that it ever was. */
  highestMiB: number;
  /** The part that is the process's alone; the rest is mapped from files. */
  anonMiB: number;
}

export async function memoryOf(pid: number): Promise<Memory> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const mib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
  return { rssMiB: mib("VmRSS"), highestMiB: mib("VmHWM"), anonMiB: mib("RssAnon") };
}

/** Seconds on a CPU of all its threads, to the nanosecond; the clock ticks of /proc/…/stat are too coarse for a process at rest. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const texts = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8")));
  return texts.reduce((sum, text) => sum + Number(text.split(" ")[0]), 0) / 1e9;
}
