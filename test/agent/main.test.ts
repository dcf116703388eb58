// The program itself, as a process: without an API server, on a host without rpm-ostree.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("../../agent/main.ts", import.meta.url));
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bootwarden-agent-"));
  await mkdir(join(directory, "proc/sys/kernel/random"), { recursive: true });
  await writeFile(join(directory, "proc/sys/kernel/random/boot_id"), "0b9b6a2e-2f0d-4c39-9d2c-0a4b7f3d9e11\n");
});
afterEach(() => rm(directory, { recursive: true }));

const start = (env: Record<string, string>) =>
  execa(process.execPath, [program], {
    extendEnv: false,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", ...env },
    reject: false,
  });

/** A kubeconfig for an address where nobody listens. */
async function kubeconfig(): Promise<string> {
  const config = {
    "current-context": "a",
    contexts: [{ name: "a", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "u", user: { token: "t" } }],
  };
  const file = join(directory, "kubeconfig");
  await writeFile(file, JSON.stringify(config));
  return file;
}

interface Line {
  level: string;
  msg: string;
  port?: number;
  reason?: string;
}

/** The first line of the log that is meant, past or to come. */
function logOf(stdout: Readable): (meant: (line: Line) => boolean) => Promise<Line> {
  let printed = "";
  stdout.on("data", (chunk) => {
    printed += chunk;
  });
  return async (meant) => {
    for (;;) {
      const lines = printed.split("\n").slice(0, -1);
      const found = lines.map((line): Line => JSON.parse(line)).find(meant);
      if (found !== undefined) return found;
      await pause(20);
    }
  };
}

async function getUntil(url: string, wanted: string): Promise<string> {
  for (;;) {
    const text = await (await fetch(url)).text();
    if (text.includes(wanted)) return text;
    await pause(20);
  }
}

test("wrong settings end it with exit code 78 and one line that names each", async () => {
  const { exitCode, stdout } = await start({ HOST_ROOT: "relative" });
  expect(exitCode).toBe(78);
  expect(JSON.parse(stdout)).toMatchObject({
    reason: "SettingsInvalid",
    msg: expect.stringMatching(/NODE_NAME.*HOST_ROOT/),
  });
});

test("a kubeconfig that is not there ends it with exit code 78", async () => {
  const { exitCode, stdout } = await start({ NODE_NAME: "worker-0", KUBECONFIG: "/no/such/file" });
  expect(exitCode).toBe(78);
  expect(JSON.parse(stdout)).toMatchObject({ reason: "ApiCredentialsInvalid" });
});

test("without a certificate for its metrics it ends: plain HTTP has to be asked for", async () => {
  const environment = { NODE_NAME: "worker-0", KUBECONFIG: await kubeconfig(), LISTEN: "127.0.0.1:0" };
  const { exitCode, stdout } = await start({ ...environment, TLS_DIRECTORY: directory });
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ reason: "TLSFilesInvalid", msg: expect.stringMatching(/tls\.(crt|key)/) });
});

// chroot(2) is root's.
describe.skipIf(process.getuid?.() !== 0)("a running agent", () => {
  test("lives, says what is wrong, and ends cleanly on SIGTERM", async () => {
    const agent = start({
      NODE_NAME: "worker-0",
      HOST_ROOT: directory,
      KUBECONFIG: await kubeconfig(),
      LISTEN: "127.0.0.1:0",
      PLAIN_HTTP: "true",
    });
    const logged = logOf(agent.stdout);
    const { port } = await logged(({ msg }) => msg === "Started");
    const at = `http://127.0.0.1:${port}`;
    const metrics = await getUntil(`${at}/metrics`, `result="NotInstalled"`);
    expect(metrics).toContain(`bootwarden_agent_up{node="worker-0"} 0`);
    expect(await logged((line) => line.reason === "ApiUnreachable")).toMatchObject({ level: "warn" });
    expect((await fetch(`${at}/healthz`)).status).toBe(200);
    expect((await fetch(`${at}/readyz`)).status).toBe(503);
    agent.kill("SIGTERM");
    expect((await agent).exitCode).toBe(0);
  });
});
