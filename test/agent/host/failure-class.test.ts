import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classify, type Ending, failureIn } from "../../../agent/host/failure-class.ts";

const ending = (parts: Partial<Ending>): Ending => ({
  program: "rpm-ostree",
  root: "/host",
  timeout: 60_000,
  exitCode: 1,
  killedBy: null,
  spawnError: null,
  timedOut: false,
  tooLarge: false,
  stdout: "",
  stderr: "",
  ...parts,
});

const activation =
  "error: Loading sysroot: Failed to invoke RegisterClient: GDBus.Error:org.freedesktop.DBus.Error.NameHasNoOwner: ";

describe("classify, by what was printed", () => {
  test.each([
    ["error: This system was not booted via libostree.", "NotOSTreeHost"],
    ["error: This system was not booted via libostree; found $container=oci environment variable.", "NotOSTreeHost"],
    ["error: Not currently booted into an OSTree system", "NotOSTreeHost"],
    ["error: Could not connect: No such file or directory", "DaemonUnreachable"],
    ["error: Could not connect: Connection refused", "DaemonUnreachable"],
    ["Failed to connect to bus: No such file or directory\nerror: exit status: 1", "DaemonUnreachable"],
    ["Failed to connect to system scope bus via local transport: Connection refused", "DaemonUnreachable"],
    ["error: Timeout was reached", "DaemonUnreachable"],
    [
      "error: Bus owner changed, aborting. This likely means the daemon crashed; check logs with `journalctl -xe`.",
      "DaemonUnreachable",
    ],
    ["error: GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: The name is not activatable", "DaemonUnreachable"],
    ["error: GDBus.Error:org.freedesktop.DBus.Error.NoReply: Remote peer disconnected", "DaemonUnreachable"],
    ["error: Could not connect: Permission denied", "DBusDenied"],
    [
      "error: GDBus.Error:org.freedesktop.DBus.Error.AccessDenied: An SELinux policy prevents this sender",
      "DBusDenied",
    ],
    ['error: Rejected send message, 2 matched rules; type="method_call"', "DBusDenied"],
    [
      "error: Failed to activate service 'org.projectatomic.rpmostree1': timed out (service_start_timeout=25000ms)",
      "DaemonStartFailed",
    ],
    [`${activation}Could not activate remote peer: startup job failed.`, "DaemonStartFailed"],
    [`${activation}Could not activate remote peer 'org.projectatomic.rpmostree1': unit failed`, "DaemonStartFailed"],
    [
      "Job for rpm-ostreed.service failed because the control process exited with error code.\nerror: exit status: 1",
      "DaemonStartFailed",
    ],
    ["Failed to start rpm-ostreed.service: Unit rpm-ostreed.service is masked.", "DaemonStartFailed"],
    ["error: Couldn't start daemon: Error setting up sysroot: Unexpected state", "DaemonStartFailed"],
    [
      "error: Transaction in progress: update --check \n You can cancel the current transaction with `rpm-ostree cancel`",
      "TransactionInProgress",
    ],
    ["error: opendir(/ostree/repo): Input/output error", "CommandFailed"],
    ["", "CommandFailed"],
  ])("%s", (stderr, reason) => {
    expect(classify(ending({ stderr }))?.reason).toBe(reason);
  });
});

describe("classify, by how it ended", () => {
  test.each<[string, Partial<Ending>, string | undefined]>([
    ["exit code 0, whatever stands in stderr", { exitCode: 0, stderr: "error: Could not connect" }, undefined],
    [
      "chroot: not found",
      { exitCode: 127, stderr: "chroot: failed to run command ‘rpm-ostree’: No such file or directory" },
      "NotInstalled",
    ],
    [
      "chroot: no such root",
      { exitCode: 125, stderr: "chroot: cannot change root directory to '/host': No such file or directory" },
      "NotInstalled",
    ],
    [
      "chroot: not permitted",
      { exitCode: 125, stderr: "chroot: cannot change root directory to '/host': Operation not permitted" },
      "CommandFailed",
    ],
    ["chroot itself is missing", { exitCode: null, spawnError: "ENOENT" }, "CommandFailed"],
    ["a signal", { exitCode: null, killedBy: "SIGKILL" }, "CommandFailed"],
    ["the deadline", { exitCode: null, timedOut: true }, "TimedOut"],
    ["the deadline, although it exited well", { exitCode: 0, timedOut: true }, "TimedOut"],
    ["too much output", { exitCode: null, tooLarge: true }, "OutputTooLarge"],
    [
      "systemctl's status on stdout",
      { stdout: "× rpm-ostreed.service\nFailed to start rpm-ostreed.service", stderr: "" },
      "DaemonStartFailed",
    ],
  ])("%s", (_, parts, reason) => {
    expect(classify(ending(parts))?.reason).toBe(reason);
  });

  test("the message quotes the error line, not the noise around it, and no password", () => {
    const stderr = "warning: x\nerror: fetching https://user:secret@r.example/v2: 401\nhint: y\n";
    expect(classify(ending({ stderr }))?.message).toBe(
      "rpm-ostree ended with exit code 1: error: fetching https://r.example/v2: 401",
    );
  });
});

describe("failureIn, what somebody saved in place of a status", () => {
  test.each([
    ["error: This system was not booted via libostree.", "NotOSTreeHost"],
    ["chroot: failed to run command 'rpm-ostree': No such file or directory", "NotInstalled"],
    ["bash: rpm-ostree: command not found", "NotInstalled"],
    ['exec: "rpm-ostree": executable file not found in $PATH', "NotInstalled"],
    ["error: Could not connect: No such file or directory", "DaemonUnreachable"],
    ["error: Could not connect: Permission denied", "DBusDenied"],
    ["Failed to start rpm-ostreed.service: Unit rpm-ostreed.service is masked.", "DaemonStartFailed"],
    ["error: Transaction in progress: upgrade", "TransactionInProgress"],
    ["error: opendir(/ostree/repo): Input/output error", "CommandFailed"],
    ['Error from server (NotFound): nodes "w" not found', "CommandFailed"],
  ])("%s", (line, reason) => {
    const lines = ["Starting pod/w-debug ...", `  ${line}`, "error: non-zero exit code from debug container"];
    expect(failureIn(lines)).toEqual({ reason, message: line });
  });

  test("nothing that tells is no failure", () => {
    expect(failureIn(["Removing debug pod ...", "", "error: non-zero exit code from debug container"])).toBeNull();
  });
});

test("a text that repeats the beginning of a message takes no more time than another", () => {
  const stderr = "could not connect failed to connect to the ".repeat(100_000);
  const start = process.cpuUsage().user;
  classify(ending({ stderr }));
  expect(process.cpuUsage().user - start).toBeLessThan(2_000_000);
});

test("any text gives one line of at most 500 characters", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 5000 }), fc.integer({ min: 1, max: 255 }), (stderr, exitCode) => {
      const message = classify(ending({ stderr, exitCode }))?.message ?? "";
      expect(message).toMatch(/^[^\p{Cc}]{1,500}$/u);
    }),
  );
});
