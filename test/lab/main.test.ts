// The lab as a command: what it prints, what it leaves out, and that nothing of it outlives it.
import { readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";

const root = fileURLToPath(new URL("../..", import.meta.url));
const started: { kill: (signal: NodeJS.Signals) => boolean }[] = [];
afterEach(() => {
  for (const npm of started.splice(0)) npm.kill("SIGKILL");
});

const Facts = z.strictObject({
  kubeconfig: z.string().startsWith("/"),
  caFile: z.string().startsWith("/"),
  vcenters: z.tuple([
    z.strictObject({
      server: z.string(),
      url: z.string().endsWith("/sdk"),
      username: z.string(),
      password: z.string(),
      caFile: z.string().startsWith("/"),
    }),
  ]),
  images: z.tuple([
    z.strictObject({ release: z.literal("9.6.20261028-0"), url: z.url(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
    z.strictObject({ release: z.literal("9.8.20261116-0"), url: z.url(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ]),
  pids: z.record(z.string(), z.number()),
});

/** `npm run -s lab -- …`, to its first line. */
async function startLab(...flags: string[]) {
  const lab = execa("npm", ["run", "-s", "lab", "--", "--image-mib=1", ...flags], {
    cwd: root,
    reject: false,
    buffer: false,
  });
  let stdout = "";
  lab.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  while (!stdout.includes("\n")) await sleep(50);
  const facts = Facts.parse(JSON.parse(stdout));
  started.push({ kill: (signal) => signalTo(facts.pids.lab ?? 0, signal) });
  return { lab, facts, stdout: () => stdout };
}

function signalTo(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // It has ended.
  }
}

async function kubectl(kubeconfig: string, ...commandLine: string[]): Promise<string> {
  return (await execa("kubectl", ["--kubeconfig", kubeconfig, ...commandLine])).stdout;
}

/** Processes that work with the lab's files. */
async function survivors(kubeconfig: string): Promise<string[]> {
  const directory = dirname(kubeconfig);
  const { stdout } = await execa("ps", ["-eo", "pid,args"]);
  return stdout.split("\n").filter((line) => line.includes(directory) && !line.includes("vitest"));
}

describe("npm run -s lab -- --json", () => {
  test("prints one line, and SIGTERM ends it and clears up", async () => {
    const { lab, facts, stdout } = await startLab("--json");
    expect(Object.keys(facts.pids)).toEqual([
      "lab",
      "etcd",
      "kube-apiserver",
      "vcenter",
      "machineset",
      "vsphere-machine-controller",
      "nodelink-controller",
      "controller",
    ]);
    expect(await kubectl(facts.kubeconfig, "get", "machinesets", "-A", "-o", "name")).toContain("lab-7x2kq-worker-b");
    process.kill(facts.pids.lab ?? 0, "SIGTERM");
    expect(await lab).toMatchObject({ exitCode: 0 });
    expect(stdout().trim().split("\n")).toHaveLength(1);
    expect(await survivors(facts.kubeconfig)).toEqual([]);
    await expect(readFile(facts.kubeconfig)).rejects.toThrow("ENOENT");
  });

  test("leaves out what is not wanted; kill -9 leaves no process after 2 s", async () => {
    const { facts } = await startLab("--json", "--no-controller", "--no-nodes", "--no-machinesets");
    expect(Object.keys(facts.pids)).not.toContain("controller");
    expect(await kubectl(facts.kubeconfig, "get", "machinesets", "-A", "-o", "name")).toBe("");
    expect((await survivors(facts.kubeconfig)).length).toBeGreaterThan(4);
    process.kill(facts.pids.lab ?? 0, "SIGKILL");
    await sleep(2_000);
    expect(await survivors(facts.kubeconfig)).toEqual([]);
    await rm(dirname(facts.kubeconfig), { recursive: true });
  });
});

test("an unknown option ends in a sentence and the usage", async () => {
  const { exitCode, stderr, stdout } = await execa("npm", ["run", "-s", "lab", "--", "--nodes=3"], {
    cwd: root,
    reject: false,
  });
  expect(exitCode).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/Usage: npm run lab/);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test("a missing prerequisite ends in one sentence that names it", async () => {
  const { exitCode, stderr } = await execa(process.execPath, ["test/lab/main.ts"], {
    cwd: root,
    reject: false,
    extendEnv: false,
    env: { PATH: "/nonexistent", HOME: "/nonexistent" },
  });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^go is missing: install Go 1\.26[^\n]*\n?$/);
});

test("real nodes on a machine that allows none end in a sentence that says why", async () => {
  const rights = ["--bounding-set=-sys_admin", process.execPath];
  const ended = await execa("setpriv", [...rights, "test/lab/main.ts", "--kubelets=2"], { cwd: root, reject: false });
  expect(ended).toMatchObject({ exitCode: 1, stdout: "" });
  expect(ended.stderr).toMatch(/^No real node can run here: the kernel does not allow what they need \([^\n]+\)\.$/);
});
