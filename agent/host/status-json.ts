// The JSON status: what `rpm-ostree status --json` prints, of every version since 2018, read into our record.

import type { Deployment } from "../../common/report.ts";
import { z } from "../../common/schema.ts";
import { digestOf } from "./image-digest.ts";
import { modificationKeys, modificationsOf } from "./modifications.ts";
import { remarksOn } from "./remarks.ts";
import { bootedOf, HostError, noModifications, type Status } from "./status.ts";

const text = z.nullish(z.string().check(z.maxLength(4096)));
const flag = z.nullish(z.boolean());

/**
 * The keys that are used, all else is dropped (`base-commit-meta` holds whole manifests). Written by rpm-ostree's
 * deployment_populate_variant; which version knows which key differs, so a missing one means its default.
 */
const RawDeployment = z.object({
  ...modificationKeys,
  checksum: text,
  booted: flag,
  staged: flag,
  pinned: flag,
  unlocked: text,
  "live-replaced": text,
  "live-inprogress": text,
  "finalization-locked": flag,
  "container-image-reference": text,
  "container-image-reference-digest": text,
  origin: text,
  "custom-origin": z.nullish(z.array(text)),
  version: text,
  "base-checksum": text,
  "base-commit-meta": z.catch(z.nullish(z.object({ "ostree.manifest-digest": text })), null),
  endoflife: text,
});
type RawDeployment = z.infer<typeof RawDeployment>;

const RawStatus = z.object({
  deployments: z.array(RawDeployment).check(z.maxLength(1000)),
  transaction: z.nullish(z.array(text)),
});

/** Of a host that runs: throws HostError also when nothing is booted (NoBootedDeployment). */
export function parseStatusJson(printed: string): Status {
  const status = readStatusJson(parseJson(printed));
  if (bootedOf(status.deployments) === null) {
    const count = status.deployments.length;
    throw new HostError("NoBootedDeployment", `None of rpm-ostree's ${count} deployments is booted.`);
  }
  return status;
}

function parseJson(printed: string): unknown {
  try {
    return JSON.parse(printed);
  } catch (cause) {
    throw new HostError("UnreadableOutput", "rpm-ostree printed something that is no JSON.", { cause });
  }
}

/**
 * Throws HostError (UnreadableOutput) for what has not the shape.
 * What is booted is told by the flag, never by the place in the list: a staged deployment stands before it.
 */
export function readStatusJson(printed: unknown): Status {
  const status = RawStatus.safeParse(printed);
  if (!status.success) {
    const why = status.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).slice(0, 3);
    throw new HostError("UnreadableOutput", `rpm-ostree printed JSON that is no status (${why.join("; ")}).`);
  }
  const { transaction } = status.data;
  const all = status.data.deployments.map((raw) => ({ raw, deployment: deploymentOf(raw) }));
  const booted = bootedOf(all.map(({ deployment }) => deployment));
  const changed = all.find(({ deployment }) => deployment === booted);
  return {
    deployments: all.map(({ deployment }) => deployment),
    modifications: changed === undefined ? noModifications : modificationsOf(changed.raw),
    // Without a transaction rpm-ostree has three empty strings inside, and prints null.
    state: transaction === undefined ? null : transaction?.[0] ? "busy" : "idle",
    transaction: transaction?.[0] ? { title: transaction[0], client: transaction[1] || null } : null,
    warnings: all.flatMap(({ raw, deployment }) =>
      remarksOn({ deployment, locked: raw["finalization-locked"] === true, endOfLife: raw.endoflife }),
    ),
  };
}

function deploymentOf(raw: RawDeployment): Deployment {
  // A container reference goes first: since v2024.9 it can come with a custom origin, which is only a description then.
  const image = raw["container-image-reference"] || raw["custom-origin"]?.[0] || raw.origin || null;
  // rpm-ostree leaves the first key out when its query of the base image failed (v2022.17 and later).
  const said = [raw["container-image-reference-digest"], raw["base-commit-meta"]?.["ostree.manifest-digest"]];
  return {
    booted: raw.booted === true,
    staged: raw.staged === true,
    image,
    ...digestOf(said, image),
    version: raw.version ?? null,
    checksum: raw.checksum ?? null,
    baseChecksum: raw["base-checksum"] ?? null,
    pinned: raw.pinned === true,
    unlocked: raw.unlocked || "none",
    liveReplaced: raw["live-replaced"] || raw["live-inprogress"] || null,
  };
}
