// The collector against the lab's rpm-ostree in a real chroot: everything but the daemon is as on a node.
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rpmOstree } from "../../../agent/host/rpm-ostree.ts";

const player = fileURLToPath(new URL("../../lab/servers/node", import.meta.url));
const fixtures = fileURLToPath(new URL("../../fixtures", import.meta.url));
let root: string;

const play = (state: object) => writeFile(join(root, "run/lab/rpm-ostree.json"), JSON.stringify(state));
const collect = (timeout = 20_000) => rpmOstree().collect({ root, timeout, signal: new AbortController().signal });
const fixture = async (name: string) =>
  JSON.parse(await readFile(join(fixtures, `rpm-ostree-status-${name}.json`), "utf8"));

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "bootwarden-host-"));
  for (const directory of ["usr/bin", "run/lab", "dev"]) await mkdir(join(root, directory), { recursive: true });
  // A Go program that starts another opens it.
  await writeFile(join(root, "dev/null"), "");
  const target = join(root, "usr/bin/rpm-ostree");
  await execa("go", ["build", "-o", target, "./rpm-ostree"], { cwd: player, env: { CGO_ENABLED: "0" } });
}, 120_000);
afterAll(async () => {
  await endLeftovers();
  await rm(root, { recursive: true });
});
beforeEach(() => writeFile(join(root, "run/ostree-booted"), ""));

// chroot(2) is root's.
describe.skipIf(process.getuid?.() !== 0)("rpm-ostree of a host", () => {
  test.each([
    ["container", 2, "manifest"],
    ["legacy-pivot", 1, "reference"],
    ["local-storage-no-digest", 1, "reference"],
  ])("%s is read", async (name, count, digestSource) => {
    await play({ status: await fixture(name) });
    const { deployments, state } = await collect();
    expect(deployments).toHaveLength(count);
    expect(deployments[0]).toMatchObject({ booted: true, digestSource });
    expect(state).toBe("idle");
  });

  test.each([
    ["daemon-unreachable", "DaemonUnreachable"],
    ["socket-missing", "DaemonUnreachable"],
    ["activation-failed", "DaemonStartFailed"],
    ["activation-timeout", "DaemonStartFailed"],
    ["bus-timeout", "DaemonUnreachable"],
    ["bus-owner-changed", "DaemonUnreachable"],
    ["dbus-denied", "DBusDenied"],
    ["dbus-denied-broker", "DBusDenied"],
    ["daemon-start-failed", "DaemonStartFailed"],
    ["transaction-in-progress", "TransactionInProgress"],
    ["unknown", "CommandFailed"],
    ["crash", "CommandFailed"],
    ["rubbish", "UnreadableOutput"],
    ["empty", "UnreadableOutput"],
    ["truncated", "UnreadableOutput"],
    ["huge", "OutputTooLarge"],
  ])("%s is %s", async (fault, reason) => {
    await play({ status: await fixture("container"), fault });
    await expect(collect()).rejects.toMatchObject({ name: "HostError", reason });
  });

  test.each(["hang", "hang-grandchild", "hang-grandchild-detached"])("%s is TimedOut", async (fault) => {
    await play({ status: await fixture("container"), fault });
    await expect(collect(500)).rejects.toMatchObject({ reason: "TimedOut" });
    // Nobody is left in the chroot but who left the session, and that one cannot keep a pipe.
    await play({ status: await fixture("container") });
    expect((await collect()).deployments).toHaveLength(2);
  });

  test("a host that was not booted via ostree", async () => {
    await rm(join(root, "run/ostree-booted"));
    await expect(collect()).rejects.toMatchObject({ reason: "NotOSTreeHost" });
  });
});

/** Ends what left its session and lives on: of all processes only those whose root is this test's directory. */
async function endLeftovers(): Promise<void> {
  for (const pid of await readdir("/proc")) {
    if (/^\d+$/.test(pid) && (await readlink(`/proc/${pid}/root`).catch(() => "")) === root)
      process.kill(Number(pid), "SIGKILL");
  }
}
