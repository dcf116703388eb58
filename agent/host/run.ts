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

export type Run = (argv: string[], host: Host) => Promise<string>;

/**
 * A run is `chroot <root> <argv>` and returns its stdout. No shell, nothing of the agent's own environment, and no descendant that stays
 * in the process group outlives it. Throws HostError with the failure's class as reason, or the abort reason of the host's signal.
 * A program that hangs in the kernel dies of no signal: as long as it lives, further runs are TimedOut at once.
 */
export function hostRuns(): Run {
  let abandoned: Child | null = null;
  return async (argv, host) => {
    const program = argv[0] ?? "";
    if (abandoned !== null && lives(abandoned)) {
      const message = `${program} is not run: process ${abandoned.pid} of an earlier look cannot be ended.`;
      throw new HostError("TimedOut", message);
    }
    const end = deadline(host.signal, host.timeout);
    const child = start(argv, host.root, end);
    const result = await Promise.race([child, someTimeAfter(end)]);
    child.stdout.destroy();
    child.stderr.destroy();
    if (lives(child)) abandoned = child;
    host.signal.throwIfAborted();
    const failure = classify({ ...endingOf(result), program, root: host.root, timeout: host.timeout });
    if (failure !== null) throw new HostError(failure.reason, failure.message);
    return result?.stdout ?? "";
  };
}

type Child = ReturnType<typeof start>;

function start(argv: string[], root: string, end: AbortSignal) {
  const child = execa("chroot", [root, ...argv], {
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
  // The group, however its leader ended: execa ends it only at a deadline.
  child.nodeChildProcess.once("exit", () => child.kill("SIGKILL"));
  return child;
}

function lives(child: Child): boolean {
  const { pid, exitCode, signalCode } = child.nodeChildProcess;
  return pid !== undefined && exitCode === null && signalCode === null;
}

/**
 * Resolves some time after the end was asked for. A descendant that left the process group (setsid) holds the pipes, and a process that
 * hangs in the kernel dies of no signal: the run must not last as long as they do.
 */
async function someTimeAfter(end: AbortSignal): Promise<null> {
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
