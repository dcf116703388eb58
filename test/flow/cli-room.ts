// The room of the command line: the real program against the lab's API server, as whoever, on a terminal or not.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { z } from "zod";
import type { Stage } from "../demo/stage.ts";
import { writeKubeconfig } from "../lab/kubeconfig.ts";
import { inheritedEnvironment } from "../lab/settings.ts";

const program = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

export interface Answer {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

/** Runs `kubectl bootwarden …` as the administrator, or with another kubeconfig, into a pipe. */
export async function ask(stage: Stage, args: readonly string[], kubeconfig?: string): Promise<Answer> {
  const KUBECONFIG = kubeconfig ?? stage.lab.controlPlane.kubeconfig;
  const { exitCode, stdout, stderr } = await execa(process.execPath, [program, ...args], {
    env: { ...inheritedEnvironment(), KUBECONFIG },
    extendEnv: false,
    reject: false,
    timeout: 60_000,
  });
  return { exitCode, stdout, stderr };
}

interface Sitting {
  columns?: number;
  /** What somebody types, and at which sight; left out: at once. */
  typed?: string;
  when?: (shown: string) => boolean;
}

/** The same on a terminal: of util-linux's script. Both outputs are one there. */
export async function askOnTerminal(
  stage: Stage,
  args: readonly string[],
  { columns = 100, typed = "", when = () => true }: Sitting = {},
): Promise<{ exitCode: number | undefined; shown: string }> {
  const quoted = [process.execPath, program, ...args].map((word) => `'${word}'`).join(" ");
  const running = execa("script", ["-qec", `stty cols ${columns} rows 60; exec ${quoted}`, "/dev/null"], {
    env: { ...inheritedEnvironment(), KUBECONFIG: stage.lab.controlPlane.kubeconfig, TERM: "xterm" },
    extendEnv: false,
    stdin: "pipe",
    reject: false,
    timeout: 60_000,
  });
  let shown = "";
  let hasTyped = typed === "";
  running.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    if (hasTyped || !when(shown)) return;
    hasTyped = true;
    running.stdin.write(typed);
  });
  const { exitCode } = await running;
  return { exitCode, shown: shown.replaceAll("\r\n", "\n") };
}

export function withoutColours(shown: string): string {
  return stripVTControlCharacters(shown);
}

/** A ServiceAccount of the name with no rights, and its kubeconfig. */
export async function account({ lab }: Stage, name: string): Promise<string> {
  const accounts = "/api/v1/namespaces/default/serviceaccounts";
  await lab.api.send("POST", accounts, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name } });
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } };
  const answer = await lab.api.send("POST", `${accounts}/${name}/token`, request);
  const { token } = z.object({ status: z.object({ token: z.string() }) }).parse(answer).status;
  const directory = join(lab.ground.directory, "people");
  await mkdir(directory, { recursive: true });
  return await writeKubeconfig(lab.ground, join(directory, name), { url: lab.controlPlane.url, token });
}

/** Runs commands that the program printed, as an administrator would paste them. */
export async function paste({ lab }: Stage, printed: string): Promise<number> {
  const commands = printed.split("\n").filter((line) => /^ {5}kubectl /.test(line));
  for (const command of commands) {
    await execa("bash", ["--norc", "-euo", "pipefail", "-c", command], {
      env: { ...inheritedEnvironment(), KUBECONFIG: lab.controlPlane.kubeconfig },
      extendEnv: false,
      timeout: 30_000,
    });
  }
  return commands.length;
}
