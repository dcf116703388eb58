// The world of a lab with real nodes: nothing leaves it while it runs, and nothing stays when it ends, however it ends.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ownCgroups } from "../lab/kubelets/cgroups.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "worlds-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** Starts a world whose files are below `directory`, from a process of its own that can be killed. */
function start(...commandLine: string[]) {
  const module = new URL("../lab/kubelets/world.ts", import.meta.url).href;
  const program = `
    import { runInWorld } from ${JSON.stringify(module)};
    const end = new AbortController();
    process.on("SIGTERM", () => end.abort());
    process.exitCode = await runInWorld(process.argv.slice(1), end.signal);
  `;
  const flags = ["--input-type=module-typescript", "--eval", program, "--"];
  return execa(process.execPath, [...flags, ...commandLine], { env: { TMPDIR: directory }, reject: false });
}

/** Processes, cgroups and files of worlds below `directory`. */
async function left(): Promise<string[]> {
  const files = await readdir(directory);
  const cgroups = (await Promise.all((await ownCgroups()).map((one) => readdir(one)))).flat();
  const { stdout } = await execa("ps", ["-eo", "pid,args"]);
  return [
    ...files,
    // These tests are in a world themselves.
    ...cgroups.filter((name) => name.startsWith("bootwarden-world-") && name !== basename(tmpdir())),
    ...stdout.split("\n").filter((line) => line.includes(join(directory, "bootwarden-world-"))),
  ];
}

test("has a network of its own, in which nothing is but itself, and gives the command's exit code", async () => {
  const { stdout, exitCode } = await start("sh", "-c", "ip -o addr show; echo; ip route; exit 7");
  expect(exitCode).toBe(7);
  const [addresses = "", routes = ""] = stdout.split("\n\n");
  expect([...addresses.matchAll(/^\d+: (\S+) +inet (\S+)/gm)].map(([, name, address]) => [name, address])).toEqual([
    ["lo", "127.0.0.1/8"],
    ["lab0", "10.23.0.1/24"],
    ["lab0", "10.0.0.1/32"],
  ]);
  expect(routes.trim().split("\n")).toHaveLength(1);
  expect(routes).toMatch(/^10\.23\.0\.0\/24 dev lab0 /);
  expect(await left()).toEqual([]);
});

test("asked to end, it hands that to the command, and is gone when that ends", async () => {
  const world = start("sh", "-c", "trap 'exit 3' TERM; echo here; while :; do sleep 0.1; done");
  await readLine(world.stdout);
  expect(await left()).not.toEqual([]);
  world.kill("SIGTERM");
  expect(await world).toMatchObject({ exitCode: 3 });
  expect(await left()).toEqual([]);
});

test("kill -9 of who started it leaves no process, no cgroup and no file after 2 s", async () => {
  // One of its processes has left the session.
  const world = start("sh", "-c", "setsid sh -c 'sleep 1000; exit' $TMPDIR & echo here; sleep 1000");
  await readLine(world.stdout);
  expect((await left()).filter((line) => line.includes("sleep 1000; exit"))).not.toEqual([]);
  world.kill("SIGKILL");
  await sleep(2_000);
  expect(await left()).toEqual([]);
});

async function readLine(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream) return;
}
