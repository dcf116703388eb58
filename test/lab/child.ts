// A child of the lab: a server that ends with the lab, however the lab ends.
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { execa, type ResultPromise } from "execa";
import { LabError } from "./lab-error.ts";
import { inheritedEnvironment } from "./settings.ts";

export interface ChildOptions {
  name: string;
  command: string;
  arguments: string[];
  environment?: Record<string, string>;
  /** The file that stdout and stderr go to. */
  logFile: string;
  signal: AbortSignal;
  /** What ends it; SIGTERM if left out. */
  killSignal?: NodeJS.Signals;
}

export interface Child {
  name: string;
  pid: number;
  logFile: string;
  /** Resolves with the first line of stdout that `matches`; rejects when the child ends before. */
  line: (matches: (line: string) => boolean) => Promise<string>;
  running: () => boolean;
  /** Resolves when the process has ended, for whatever reason. */
  ended: Promise<void>;
  stop: (signal?: NodeJS.Signals) => Promise<void>;
}

/** Starts a server below `setpriv --pdeathsig KILL`: the kernel kills it when the lab's process dies. */
export function startChild(options: ChildOptions): Child {
  const subprocess = execa("setpriv", ["--pdeathsig", "KILL", "--", options.command, ...options.arguments], {
    env: { ...inheritedEnvironment(), ...options.environment },
    extendEnv: false,
    reject: false,
    buffer: false,
    stdin: "ignore",
    forceKillAfterDelay: 5_000,
    killSignal: options.killSignal ?? "SIGTERM",
    cancelSignal: options.signal,
  });
  const log = createWriteStream(options.logFile, { flags: "a" });
  subprocess.stdout.pipe(log, { end: false });
  subprocess.stderr.pipe(log, { end: false });
  let running = true;
  const ended = subprocess.then(() => {
    running = false;
    log.end();
  });
  return {
    name: options.name,
    pid: subprocess.pid ?? 0,
    logFile: options.logFile,
    line: (matches) => firstLine(subprocess, options, matches),
    running: () => running,
    ended,
    stop: async (signal) => {
      subprocess.kill(signal ?? options.killSignal ?? "SIGTERM");
      await ended;
    },
  };
}

type Running = ResultPromise<{ buffer: false; reject: false }>;

async function firstLine(
  subprocess: Pick<Running, "stdout">,
  options: ChildOptions,
  matches: (line: string) => boolean,
): Promise<string> {
  for await (const line of createInterface({ input: subprocess.stdout })) {
    if (matches(line)) {
      subprocess.stdout.resume();
      return line;
    }
  }
  throw new LabError(`${options.name} ended before it was ready: see ${options.logFile}.`);
}
