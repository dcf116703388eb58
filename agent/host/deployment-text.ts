// The deployment text: the lines under one head of the text status, read into our record.
import type { Deployment } from "../../common/report.ts";
import type { Head } from "./deployment-head.ts";
import { digestOf } from "./image-digest.ts";

/** Key to value; empty where the value was cut off. Keys are right-aligned to 23 or 24 characters, narrower in old versions and wherever somebody moved the text. */
export type Fields = Map<string, string>;

/** What the renderer omits means its default: it prints Staged for the first deployment and with -v only, Pinned and Unlocked when they are so. */
export function deploymentOf({ image, booted, pinned }: Head, fields: Fields): Deployment {
  return {
    booted,
    staged: word(fields, "Staged") === "yes",
    image,
    ...digestIn(fields.get("Digest"), image),
    version: versionOf(fields.get("Version")),
    // Booted… when the running /usr is not that of the commit any more. For containers neither is printed without -v.
    checksum: word(fields, "Commit") ?? word(fields, "BootedCommit"),
    baseChecksum: word(fields, "BaseCommit") ?? word(fields, "BootedBaseCommit"),
    pinned: pinned || word(fields, "Pinned") === "yes",
    unlocked: word(fields, "Unlocked") ?? "none",
    liveReplaced: word(fields, "LiveCommit") ?? word(fields, "InterruptedLiveCommit"),
  };
}

/** An error may stand in its place. What was printed but cut off is not known: it may be another than the reference's. */
function digestIn(printed: string | undefined, image: string | null): Pick<Deployment, "digest" | "digestSource"> {
  if (printed === undefined || printed.startsWith("(")) return digestOf([], image);
  const [said] = /^\S+/.exec(printed) ?? [];
  return said === undefined ? { digest: null, digestSource: null } : digestOf([said], image);
}

/** The first word: behind it stands what people remark. */
function word(fields: Fields, key: string): string | null {
  return /^\S+/.exec(fields.get(key) ?? "")?.[0] ?? null;
}

/** The version has its time behind it, in ISO 8601 since October 2018, and may hold spaces and parentheses itself. */
function versionOf(value: string | undefined): string | null {
  if (value === undefined) return null;
  const [, version] = /^(.*?\S) \(+(?:\d{4}-\d\d-\d\d[T ][\d:]+\S*|invalid timestamp)\)/.exec(value) ?? [];
  return version ?? (value.trim() || null);
}

const checksum = /^[0-9a-f]{64}$/;
const whole: Record<string, RegExp> = {
  Digest: /^sha256:[0-9a-f]{64}$/,
  Version: /\)$/,
  Commit: checksum,
  BootedCommit: checksum,
  BaseCommit: checksum,
  BootedBaseCommit: checksum,
  LiveCommit: checksum,
  InterruptedLiveCommit: checksum,
  Staged: /^(?:yes|no)$/,
  Pinned: /^yes$/,
  Unlocked: /^(?:development|hotfix|transient)$/,
};

/** The value of a key where the text ends, perhaps in the middle of it: what is not plainly whole is undefined. */
export function wholeValue(key: string, value: string): string | undefined {
  return whole[key]?.test(value) === false ? undefined : value;
}

/** The image where the text ends, perhaps in the middle of it: only a digest shows that it is whole. */
export function wholeImage(image: string | null): string | null {
  return /(?:@sha256:|^)[0-9a-f]{64}$/.test(image ?? "") ? image : null;
}
