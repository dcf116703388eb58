// The settings of the lab: the only place that reads its environment.
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** Where built servers are kept between runs and clones. */
export function cacheRoot(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "bootwarden");
}

/** Where a running lab keeps its files. */
export function scratchRoot(): string {
  return process.env.TMPDIR || tmpdir();
}

/** Names the variable that holds the directory of the world that a process is in (kubelets/world.ts). */
export const worldVariable = "BOOTWARDEN_LAB_WORLD";

/** The directory of the world that this process is in. */
export function worldDirectory(): string | undefined {
  return process.env[worldVariable];
}

/** The environment that servers and tools of the lab are started with. */
export function inheritedEnvironment(): Record<string, string> {
  const names = ["PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "GOPATH", "GOCACHE", "GOMODCACHE", "GOFLAGS", "GOPROXY"];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
