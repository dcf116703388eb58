// The world of a lab with real nodes: network, processes, mounts and cgroups of its own, in which a command runs and out of which nothing comes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { scratchRoot, worldDirectory, worldVariable } from "../settings.ts";
import { makeCgroups, ownCgroups } from "./cgroups.ts";
import { bridge, clusterAddress, gateway } from "./network.ts";

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** How long the command may take to end once it was asked to, in milliseconds. */
const grace = 30_000;

/**
 * Runs the command in a new world, and resolves with its exit code when nothing of the world is left. The signal asks the command to end.
 * A world also goes when this process is killed: its init dies with it, all its processes with their init, and a shell removes the rest.
 */
export async function runInWorld(commandLine: readonly string[], signal: AbortSignal): Promise<number> {
  const directory = await mkdtemp(join(scratchRoot(), "bootwarden-world-"));
  const cgroups = await makeCgroups(await ownCgroups(), basename(directory));
  const cleaned = cleaner(directory, cgroups);
  try {
    const kernel = ["--net", "--pid", "--mount", "--propagation=private", "--fork", "--kill-child"];
    const init = ["sh", script("world.sh"), directory, bridge, gateway, clusterAddress, ...commandLine];
    const subprocess = execa("setpriv", ["--pdeathsig", "KILL", "--", "unshare", ...kernel, "--", ...init], {
      stdio: "inherit",
      reject: false,
      // Everything that anybody leaves there goes with the world.
      env: { TMPDIR: directory, [worldVariable]: directory },
    });
    const end = () => void askToEnd(directory);
    signal.addEventListener("abort", end, { once: true });
    const late = () => setTimeout(() => subprocess.kill("SIGKILL"), grace).unref();
    signal.addEventListener("abort", late, { once: true });
    const { exitCode } = await subprocess;
    signal.removeEventListener("abort", end);
    signal.removeEventListener("abort", late);
    return exitCode ?? 1;
  } finally {
    await cleaned();
  }
}

/** The process id by which the launcher knows the init of the world that this process is in; undefined outside of a world. */
export async function worldInit(): Promise<number | undefined> {
  const directory = worldDirectory();
  return directory === undefined ? undefined : await initOf(directory);
}

/** `unshare` itself takes no SIGTERM; the init of the world hands it to the command. */
async function askToEnd(directory: string): Promise<void> {
  const pid = await initOf(directory).catch(() => undefined);
  if (pid !== undefined) process.kill(pid, "SIGTERM");
}

async function initOf(directory: string): Promise<number> {
  return Number(await readFile(join(directory, "init.pid"), "utf8"));
}

/** Starts the shell that clears up; what it returns ends the world and waits for it. */
function cleaner(directory: string, cgroups: readonly string[]): () => Promise<void> {
  const shell = spawn("sh", [script("world-end.sh"), directory, ...cgroups], {
    // In a session of its own: whoever kills the launcher's group does not mean it.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = once(shell, "exit");
  return async () => {
    shell.stdin.end();
    await ended;
  };
}
