// The printer: what `rpm-ostree status` prints of a host, by the layout rules of its versions since 2018.
import type { Deployment } from "../../../common/report.ts";

export interface Version {
  /** Characters that keys are right-aligned to. */
  width: 23 | 24;
  /** `Replaced…` became LocalOverrides in v2022.11; since then -v prints the index too. */
  named: "ReplacedBasePackages" | "LocalOverrides";
  /** Since October 2018 with T and Z. */
  iso: boolean;
  /** Behind `State: idle`, up to v2018.5. */
  stateSuffix: string;
  /** Lines between State and the list. */
  header: string[];
}

export const versions: Record<string, Version> = {
  "2018.5": {
    width: 24,
    named: "ReplacedBasePackages",
    iso: false,
    stateSuffix: "; auto updates enabled (check; last run 4h 32min ago)",
    header: [],
  },
  "2019.7": {
    width: 24,
    named: "ReplacedBasePackages",
    iso: true,
    stateSuffix: "",
    header: ["AutomaticUpdates: disabled"],
  },
  "2022.10": {
    width: 24,
    named: "ReplacedBasePackages",
    iso: true,
    stateSuffix: "",
    header: [
      "AutomaticUpdatesDriver: Zincati",
      "  DriverState: active; periodically polling for updates (last checked 1h ago)",
    ],
  },
  "2025.6": { width: 23, named: "LocalOverrides", iso: true, stateSuffix: "", header: [] },
};

export interface Printed extends Deployment {
  /** Behind CustomOrigin. */
  description: string | null;
  osname: string;
  /** Of the commit's metadata, printed below the head. */
  title: string | null;
  /** Lists that are wrapped, and other keys whose values say nothing of our record. */
  lists: Record<string, string[]>;
  gpg: "none" | "unsigned" | "valid";
}

export interface Host {
  deployments: Printed[];
  transaction: { title: string; client: string | null } | null;
  failedFinalization: string | null;
}

export interface Options {
  version: Version;
  verbose: boolean;
  bootedOnly: boolean;
  bullet: "●" | "*";
  columns: number;
}

export function print({ deployments, transaction, failedFinalization }: Host, options: Options): string {
  const { version, bootedOnly } = options;
  const lines = [`State: ${transaction === null ? "idle" : "busy"}${version.stateSuffix}`];
  if (failedFinalization !== null) {
    lines.push("Warning: failed to finalize previous deployment", `         ${failedFinalization}`);
    lines.push("         check `journalctl -b -1 -u ostree-finalize-staged.service`");
  }
  lines.push(...version.header);
  if (transaction !== null) lines.push(`Transaction: ${transaction.title}`);
  if (transaction?.client) lines.push(`  Initiator: ${transaction.client}`);
  lines.push(bootedOnly ? "BootedDeployment:" : "Deployments:");
  for (const [index, deployment] of deployments.entries()) {
    if (bootedOnly && !deployment.booted) continue;
    if (index > 0 && !bootedOnly) lines.push("");
    lines.push(...block(deployment, index, options));
  }
  return `${lines.join("\n")}\n`;
}

function block(one: Printed, index: number, options: Options): string[] {
  const { version, verbose, bullet } = options;
  const key = (name: string, value: string) => `  ${name.padStart(version.width)}: ${value}`;
  const shown = verbose && version.named === "LocalOverrides" ? ` (index: ${index})` : "";
  const lines = [`${one.booted ? bullet : " "} ${one.image}${shown}`];
  const yes = (when: unknown, name: string, value: string | null) => when && value && lines.push(key(name, value));
  if (one.digestSource === "manifest") yes(true, "Digest", one.digest);
  else yes(one.description, "CustomOrigin", one.description);
  if (one.title !== null) lines.push(`  └─ ${one.title}`);
  const time = version.iso ? "2026-10-28T09:15:00Z" : "2018-04-25 19:14:57";
  lines.push(one.version === null ? key("Timestamp", time) : key("Version", `${one.version} (${time})`));
  const live = one.liveReplaced !== null;
  if (one.baseChecksum !== null) {
    yes(true, live ? "BootedBaseCommit" : "BaseCommit", one.baseChecksum);
    yes(verbose || live, "Commit", one.checksum);
  } else {
    yes(true, live ? "BootedCommit" : "Commit", one.checksum);
  }
  if (verbose && one.checksum !== null)
    lines.push(...below(options, ["├─ baseos (2026-10-01T00:00:00Z)", "└─ rt (2026-10-01T00:00:00Z)"]));
  yes(live, "LiveCommit", one.liveReplaced);
  yes(live, "LiveDiff", "1 upgraded, 4 added");
  if (verbose && (one.staged || index === 0)) lines.push(key("Staged", one.staged ? "yes" : "no"));
  yes(verbose, "StateRoot", one.osname);
  if (one.gpg === "unsigned") lines.push(key("GPGSignature", "(unsigned)"));
  if (one.gpg === "valid" && !verbose)
    lines.push(key("GPGSignature", `Valid signature by ${"0123456789ABCDEF".repeat(2)}`));
  if (one.gpg === "valid" && verbose) {
    const signature = [
      "Signature made Wed 28 Oct 2026 09:15:00 UTC using RSA key ID 0123456789ABCDEF",
      'Good signature from "Release <r@example.com>"',
    ];
    lines.push(key("GPGSignature", "1 signature"), ...below(options, signature));
  }
  for (const [name, values] of Object.entries(one.lists)) {
    if (values.length > 0) lines.push(...wrapped(key(name.replace("Replaced", version.named), ""), values, options));
  }
  yes(one.pinned, "Pinned", "yes");
  yes(one.unlocked !== "none", "Unlocked", one.unlocked);
  return lines;
}

function below({ version }: Options, values: string[]): string[] {
  return values.map((value) => `${" ".repeat(version.width + 4)}${value}`);
}

/** At the terminal's width, never under 64, and at least one a line. */
function wrapped(start: string, values: string[], options: Options): string[] {
  const width = Math.max(64, options.columns - options.version.width - 4);
  const rows: string[] = [];
  for (const value of values) {
    const row = rows.at(-1);
    if (row !== undefined && row.length + 1 + value.length <= width) rows[rows.length - 1] = `${row} ${value}`;
    else rows.push(value);
  }
  return [`${start}${rows[0]}`, ...below(options, rows.slice(1))];
}

/** The record of what is printed: what the text omits has its default. */
export function shown({ deployments }: Host, { verbose, bootedOnly }: Options): Deployment[] {
  return deployments
    .filter(({ booted }) => booted || !bootedOnly)
    .map(({ description: _, osname: _o, title: _t, lists: _l, gpg: _g, ...deployment }) => ({
      ...deployment,
      staged: verbose && deployment.staged,
      checksum:
        deployment.baseChecksum !== null && !verbose && deployment.liveReplaced === null ? null : deployment.checksum,
    }));
}
