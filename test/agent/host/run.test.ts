// Real processes in a real chroot. The root is the machine's own, so that its shell is there to play a host program.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { runOnHost } from "../../../agent/host/run.ts";

const never = new AbortController().signal;
const shell = (script: string, { timeout = 20_000, signal = never } = {}) =>
  runOnHost(["sh", "-c", script], { root: "/", timeout, signal });

// chroot(2) is root's.
describe.skipIf(process.getuid?.() !== 0)("runOnHost", () => {
  test("returns stdout alone, as it is", async () => {
    expect(await shell("echo out; echo err >&2")).toBe("out\n");
  });

  test("gives the program a fixed environment and an empty stdin", async () => {
    vi.stubEnv("BOOTWARDEN_TEST_SECRET", "1");
    const printed = await shell("cat; env");
    vi.unstubAllEnvs();
    const names = printed.split("\n").map((line) => line.split("=")[0]);
    expect(names).toEqual(expect.arrayContaining(["PATH", "LC_ALL", "RPMOSTREE_CLIENT_ID", "SYSTEMD_IGNORE_CHROOT"]));
    expect(names).not.toContain("BOOTWARDEN_TEST_SECRET");
    expect(names).not.toContain("HOME");
  });

  test.each([
    ["a failing program", "echo 'error: Nonsense' >&2; exit 1", "CommandFailed"],
    ["a killed program", "kill -9 $$", "CommandFailed"],
    [
      "a program that says no ostree",
      "echo 'error: This system was not booted via libostree.' >&2; exit 1",
      "NotOSTreeHost",
    ],
    ["endless stdout", "yes", "OutputTooLarge"],
    ["endless stderr", "yes >&2", "OutputTooLarge"],
    ["too much before a hang", "yes | head -c 6000000; sleep 300", "OutputTooLarge"],
  ])("%s is a typed failure", async (_, script, reason) => {
    await expect(shell(script)).rejects.toMatchObject({ name: "HostError", reason });
  });

  test.each([
    ["a hang", "sleep 300"],
    ["a hang that ignores SIGTERM", "trap '' TERM; sleep 300; sleep 300"],
    ["a grandchild that holds the pipe", "sleep 300 & exit 0"],
    ["a grandchild in its own session that holds the pipe", "setsid sleep 10 & exit 0"],
  ])("%s ends by the deadline", async (_, script) => {
    await expect(shell(script, { timeout: 300 })).rejects.toMatchObject({ reason: "TimedOut" });
  });

  test("leaves no descendant behind", async () => {
    const directory = await mkdtemp(join(tmpdir(), "bootwarden-run-"));
    const script = `sleep 300 & echo $! > ${directory}/pid; wait`;
    await expect(shell(script, { timeout: 500 })).rejects.toMatchObject({ reason: "TimedOut" });
    const state = await shell(`p=$(cat ${directory}/pid); for i in 1 2 3 4 5 6 7 8 9 10; do
      grep -qs '^State:.[^Z]' /proc/$p/status || { echo gone; exit; }; sleep 0.1; done; echo alive`);
    await rm(directory, { recursive: true });
    expect(state).toBe("gone\n");
  });

  test("an abort ends it with the abort's reason, not as a timeout", async () => {
    const stop = new AbortController();
    const running = shell("sleep 300", { signal: stop.signal });
    stop.abort(new Error("asked to stop"));
    await expect(running).rejects.toThrow("asked to stop");
  });

  test("a program or a root that is not there is NotInstalled", async () => {
    const run = (root: string) => runOnHost(["no-such-program"], { root, timeout: 5_000, signal: never });
    await expect(run("/")).rejects.toMatchObject({ reason: "NotInstalled" });
    await expect(run("/no/such/root")).rejects.toMatchObject({ reason: "NotInstalled" });
  });
});
