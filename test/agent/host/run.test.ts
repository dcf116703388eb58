// Real processes in a real chroot. The root is the machine's own, so that its shell is there to play a host program.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { hostRuns } from "../../../agent/host/run.ts";

let directory: string;
const never = new AbortController().signal;
const shell = (script: string, { timeout = 20_000, signal = never } = {}) =>
  hostRuns()(["sh", "-c", `cd ${directory}; ${script}`], { root: "/", timeout, signal });

/** In a script: notes the pid of the last background process. */
const noted = "echo $! > pid";
const notedPid = async () => Number(await readFile(join(directory, "pid"), "utf8"));

/** Resolves when the process is gone, or dead and not yet fetched by its parent. */
async function ended(pid: number): Promise<void> {
  const lives = async () => /^State:\s+[^ZX]/m.test(await readFile(`/proc/${pid}/status`, "utf8").catch(() => ""));
  while (await lives()) await pause(20);
}

/** Prints how three runs end: of a program that cannot be killed, of another while it lives, and of one when it is gone. */
const unkillable = `
  import { hostRuns } from "${new URL("../../../agent/host/run.ts", import.meta.url)}";
  const run = hostRuns();
  const host = { root: "/", timeout: 200, signal: new AbortController().signal };
  const script = "echo $$ >> " + process.argv[1] + "/pid; exec setpriv --reuid 65534 sleep 2";
  const once = (script) => run(["sh", "-c", script], host).catch(({ reason, message }) => [reason, message]);
  const ends = [await once(script), await once(script)];
  let last;
  do {
    await new Promise((resolve) => setTimeout(resolve, 50));
    last = await once("echo done");
  } while (last[0] === "TimedOut");
  console.log(JSON.stringify([...ends, last]));
`;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bootwarden-run-"));
});
afterEach(() => rm(directory, { recursive: true }));

// chroot(2) is root's.
describe.skipIf(process.getuid?.() !== 0)("a run", () => {
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
  ])("%s ends by the deadline", async (_, script) => {
    await expect(shell(script, { timeout: 300 })).rejects.toMatchObject({ reason: "TimedOut" });
  });

  test("a grandchild in its own session that holds the pipe ends it by the deadline", async () => {
    const script = "setsid sh -c 'echo $$ > pid; exec sleep 300' & until [ -s pid ]; do sleep 0.02; done";
    await expect(shell(script, { timeout: 500 })).rejects.toMatchObject({ reason: "TimedOut" });
    process.kill(await notedPid(), "SIGKILL");
  });

  test.each([
    ["at the deadline", "wait", /TimedOut/],
    ["a program that fails", "exit 1", /CommandFailed/],
    ["a program that is killed", "kill -9 $$", /CommandFailed/],
    ["a program that ends well", "echo done", /^done$/],
  ])("no descendant outlives it: %s", async (_, end, outcome) => {
    for (const output of ["", ">/dev/null 2>&1"]) {
      const run = shell(`sleep 300 ${output} & ${noted}; ${end}`, { timeout: 500 });
      expect((await run.catch(({ reason }) => reason)).trim()).toMatch(outcome);
      await ended(await notedPid());
    }
  });

  test("nothing is started while a program that cannot be killed still lives", async () => {
    // Without CAP_KILL, root cannot end another user's process: as good as one that hangs in the kernel.
    const weak = ["--bounding-set=-kill", "--inh-caps=-kill", process.execPath, "--input-type=module", "-e"];
    const { stdout } = await execa("setpriv", [...weak, unkillable, JSON.stringify(directory)]);
    expect(JSON.parse(stdout)).toEqual([
      ["TimedOut", expect.stringMatching(/did not end/)],
      ["TimedOut", expect.stringMatching(/process \d+ .*cannot be ended/)],
      "done\n",
    ]);
    expect((await readFile(join(directory, "pid"), "utf8")).trim()).toMatch(/^\d+$/);
  });

  test("an abort ends it with the abort's reason, not as a timeout", async () => {
    const stop = new AbortController();
    const running = shell("sleep 300", { signal: stop.signal });
    stop.abort(new Error("asked to stop"));
    await expect(running).rejects.toThrow("asked to stop");
  });

  test("a program or a root that is not there is NotInstalled", async () => {
    const run = (root: string) => hostRuns()(["no-such-program"], { root, timeout: 5_000, signal: never });
    await expect(run("/")).rejects.toMatchObject({ reason: "NotInstalled" });
    await expect(run("/no/such/root")).rejects.toMatchObject({ reason: "NotInstalled" });
  });
});
