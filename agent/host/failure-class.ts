// The failure class: why a program of the host did not answer, told from how it ended and what it printed.
import { oneLine } from "../../common/one-line.ts";
import type { Reason } from "../../common/reasons.ts";

/** How a run ended. `exitCode` is null when it was killed or never started; `spawnError` is then an errno name such as ENOENT. */
export interface Ending {
  program: string;
  root: string;
  /** Milliseconds. */
  timeout: number;
  exitCode: number | null;
  killedBy: string | null;
  spawnError: string | null;
  timedOut: boolean;
  tooLarge: boolean;
  stdout: string;
  stderr: string;
}

interface FailureClass {
  reason: Reason;
  message: string;
}

/**
 * What rpm-ostree and systemctl print, with the first text that is found deciding. From their sources and from bug reports:
 * coreos/rpm-ostree #1504, #1811, #2109, #2945, #5048, #5335, fedora-silverblue/issue-tracker #323, fedora-coreos-tracker #423.
 */
const texts: [RegExp, Reason][] = [
  [/not booted via libostree|not (?:currently )?booted into an ostree/i, "NotOSTreeHost"],
  [/transaction in progress/i, "TransactionInProgress"],
  [/DBus\.Error\.AccessDenied|rejected send message|SELinux policy prevents|authorization failed/i, "DBusDenied"],
  [
    /(?:could not connect|failed to connect to (?:[a-z]+ ){0,5}(?:bus|socket))[^\n]{0,200}: (?:permission denied|operation not permitted)/i,
    "DBusDenied",
  ],
  [/job for rpm-ostreed\.service (?:failed|canceled)|failed to start rpm-ostreed/i, "DaemonStartFailed"],
  [
    /couldn't start daemon|failed to activate service|startup job failed|could not activate remote peer/i,
    "DaemonStartFailed",
  ],
  [/DBus\.Error\.Spawn|StartServiceByName|unit rpm-ostreed\.service (?:is masked|not found)/i, "DaemonStartFailed"],
  [
    /could not connect|failed to connect to (?:[a-z]+ ){0,5}(?:bus|socket)|bus owner changed|connection is closed/i,
    "DaemonUnreachable",
  ],
  [/DBus\.Error\.(?:ServiceUnknown|NameHasNoOwner|NoReply|Disconnected|Timeout|TimedOut)/i, "DaemonUnreachable"],
  [/timeout was reached|message recipient disconnected|remote peer disconnected/i, "DaemonUnreachable"],
];

/** Null for a run that ended well. The message is one line of at most 500 characters. */
export function classify(ending: Ending): FailureClass | null {
  const { program, root, exitCode } = ending;
  if (ending.tooLarge) return failure("OutputTooLarge", `${program} printed more than the limit and was ended.`);
  if (ending.timedOut)
    return failure("TimedOut", `${program} did not end within ${ending.timeout / 1000} s and was ended.`);
  if (ending.spawnError !== null) return failure("CommandFailed", `chroot cannot be run (${ending.spawnError}).`);
  if (exitCode === null) return failure("CommandFailed", `${program} was killed by ${ending.killedBy ?? "a signal"}.`);
  if (exitCode === 0) return null;
  const said = saying(ending);
  if (exitCode === 127 || (exitCode === 125 && /no such file/i.test(said))) {
    return failure("NotInstalled", `There is no ${program} in ${root}: ${said}`);
  }
  const known = texts.find(([pattern]) => pattern.test(ending.stderr) || pattern.test(ending.stdout));
  return failure(known?.[1] ?? "CommandFailed", `${program} ended with exit code ${exitCode}: ${said}`);
}

/** The line that tells most: the last one that begins with "error:", else the last of all. systemctl's status goes to stdout. */
function saying({ stderr, stdout }: Ending): string {
  const lines = (stderr.trim() === "" ? stdout : stderr).split("\n").filter((line) => line.trim() !== "");
  return lines.findLast((line) => /^\s*error:/.test(line)) ?? lines.at(-1) ?? "it printed nothing";
}

/** A shell, chroot or a container runtime that finds no program of the name. */
const missing = /(?:rpm-ostree|bootc)['’"`:]*\s*(?:command not found|no such file|(?:executable file )?not found)/i;

/** `oc debug` tells the exit code of what it ran. */
const echo = /non-zero exit code from debug container|command terminated with exit code/i;

/** Why lines that somebody saved hold no status; null when none of them tells. */
export function failureIn(lines: string[]): FailureClass | null {
  const telling = lines.filter((line) =>
    /error|fail|denied|refused|reject|not |no such|in progress|timeout/i.test(line),
  );
  const few = telling.slice(-1000).map((line) => line.trim().slice(0, 500));
  const known: [RegExp, Reason][] = [[missing, "NotInstalled"], ...texts];
  for (const [pattern, reason] of known) {
    const line = few.find((candidate) => pattern.test(candidate));
    if (line !== undefined) return failure(reason, line);
  }
  const last = few.findLast((line) => /^error\b/i.test(line) && !echo.test(line));
  return last === undefined ? null : failure("CommandFailed", last);
}

function failure(reason: Reason, message: string): FailureClass {
  return { reason, message: oneLine(message) };
}
