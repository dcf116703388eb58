// The program itself, as a process: without an API server, on a host without rpm-ostree.
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
async function kubeconfig(node: string): Promise<string> {
  const payload = JSON.stringify({ "kubernetes.io": { node: { name: node } } });
  const config = {
    "current-context": "a",
    contexts: [{ name: "a", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "u", user: { token: `e30.${Buffer.from(payload).toString("base64url")}.x` } }],
  };
  const file = join(directory, "kubeconfig");
  await writeFile(file, JSON.stringify(config));
  return file;
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

// chroot(2) is root's.
describe.skipIf(process.getuid?.() !== 0)("a running agent", () => {
  test.each([
    ["worker-0", "ApiUnreachable"],
    ["worker-1", "NoNodeClaim"],
  ])("on %s lives, says what is wrong (%s), and ends cleanly on SIGTERM", async (node, reason) => {
    const agent = start({
      NODE_NAME: node,
      HOST_ROOT: directory,
      KUBECONFIG: await kubeconfig("worker-0"),
      LISTEN: "127.0.0.1:0",
    });
    // The first line tells the port.
    const [printed] = await once(agent.stdout, "data");
    const { port } = JSON.parse(String(printed).split("\n")[0] ?? "");
    const at = `http://127.0.0.1:${port}`;
    const metrics = await getUntil(`${at}/metrics`, `bootwarden_agent_node_writes_total{result="${reason}"}`);
    expect(metrics).toContain('bootwarden_agent_inspections_total{result="NotInstalled"} 1');
    expect(metrics).toContain("bootwarden_agent_up 0");
    expect((await fetch(`${at}/healthz`)).status).toBe(200);
    expect((await fetch(`${at}/readyz`)).status).toBe(503);
    agent.kill("SIGTERM");
    expect((await agent).exitCode).toBe(0);
  });
});
