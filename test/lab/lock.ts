// The lock on a directory that several clones may fill at the same moment.
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { pause } from "../../common/deadline.ts";

interface Waiting {
  signal: AbortSignal;
  say: (line: string) => void;
}

/** Runs `work` while holding the lock file `path`, which holds the owner's pid: a dead owner's lock is taken over. */
export async function withLock(path: string, waiting: Waiting, work: () => Promise<void>): Promise<void> {
  let told = false;
  while (!(await acquired(path))) {
    waiting.signal.throwIfAborted();
    if (!told) waiting.say("Another run is building the servers of the lab; waiting for it ...");
    told = true;
    await pause(waiting.signal, 500);
  }
  try {
    await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquired(path: string): Promise<boolean> {
  const own = `${path}.${process.pid}`;
  await writeFile(own, String(process.pid));
  try {
    // A link appears with its content: nobody ever reads a lock without an owner.
    await link(own, path);
    return true;
  } catch {
    const owner = Number(await readFile(path, "utf8").catch(() => "0"));
    if (owner > 0 && !alive(owner)) await rm(path, { force: true });
    return false;
  } finally {
    await rm(own, { force: true });
  }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
