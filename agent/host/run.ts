// The run: one program of the host, in a chroot of its root, bounded in time, output and descendants.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { execa, type Result } from "execa";
import { deadline } from "../../common/deadline.ts";
import { classify, type Ending } from "./failure-class.ts";
import { type Host, HostError } from "./status.ts";

/** Status JSON carries tens of KB of manifests per deployment (`base-commit-meta`). */
const outputLimit = 4 * 1024 * 1024;

/** How long a program may take to end once it was asked to; the agent itself has to be gone within a second. */
const grace = 300;

const environment = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C.UTF-8",
  // Shown as Initiator and in the journal of rpm-ostreed.
  RPMOSTREE_CLIENT_ID: "bootwarden-agent",
  // Or the `systemctl start rpm-ostreed` inside rpm-ostree does nothing where systemd sees the chroot.
  SYSTEMD_IGNORE_CHROOT: "1",
};

/**
 * Runs `chroot <root> <argv>` and returns its stdout. No shell, nothing of the agent's own environment.
 * Throws HostError with the failure's class as reason, or the abort reason of the host's signal.
 */
export async function runOnHost(argv: string[], host: Host): Promise<string> {
  const end = deadline(host.signal, host.timeout);
  const child = execa("chroot", [host.root, ...argv], {
    extendEnv: false,
    env: environment,
    cwd: "/",
    stdin: "ignore",
    reject: false,
    stripFinalNewline: false,
    maxBuffer: outputLimit,
    cancelSignal: end,
    killDescendants: true,
    forceKillAfterDelay: grace,
  });
  const result = await Promise.race([child, abandoned(end)]);
  child.stdout.destroy();
  child.stderr.destroy();
  host.signal.throwIfAborted();
  const failure = classify({ ...endingOf(result), program: argv[0] ?? "", root: host.root, timeout: host.timeout });
  if (failure !== null) throw new HostError(failure.reason, failure.message);
  return result?.stdout ?? "";
}

/**
 * Resolves some time after the end was asked for. A descendant that left the process group (setsid) holds the pipes, and a process that
 * hangs in the kernel dies of no signal: the run must not last as long as they do.
 */
async function abandoned(end: AbortSignal): Promise<null> {
  if (!end.aborted) await once(end, "abort");
  return await sleep(2 * grace, null, { ref: false });
}

type Ended = Pick<Result<{ reject: false }>, "failed" | "isCanceled" | "isMaxBuffer"> & {
  exitCode?: number | undefined;
  signal?: string | undefined;
  code?: string | undefined;
  stdout: string;
  stderr: string;
};

function endingOf(result: Ended | null): Omit<Ending, "program" | "root" | "timeout"> {
  return {
    exitCode: result?.exitCode ?? null,
    killedBy: result?.signal ?? null,
    spawnError: result?.failed && result.exitCode === undefined ? (result.code ?? null) : null,
    timedOut: result === null || result.isCanceled,
    tooLarge: result?.isMaxBuffer ?? false,
    stdout: result?.stdout ?? "",
    stderr: result?.stderr ?? "",
  };
}
