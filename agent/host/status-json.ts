// The JSON status: what `rpm-ostree status --json` prints, of every version since 2018, read into our record.
import { z } from "zod";
import type { Deployment, Modifications } from "../../common/report.ts";
import { HostError, type Status } from "./status.ts";

const text = z.string().max(4096).nullish();
const flag = z.boolean().nullish();
const list = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).nullish();

/**
 * The keys that are used, all else is dropped (`base-commit-meta` holds whole manifests). Written by rpm-ostree's
 * deployment_populate_variant; which version knows which key differs, so a missing one means its default.
 */
const RawDeployment = z.object({
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
  "custom-origin": z.array(text).nullish(),
  version: text,
  "base-checksum": text,
  "base-commit-meta": z.object({ "ostree.manifest-digest": text }).nullish().catch(null),
  packages: list,
  "requested-packages": list,
  "requested-local-packages": list,
  "requested-local-fileoverride-packages": list,
  "base-removals": list,
  "requested-base-removals": list,
  "base-local-replacements": list,
  "requested-base-local-replacements": list,
  "base-remote-replacements": list,
  "regenerate-initramfs": flag,
  "initramfs-etc": list,
  endoflife: text,
});
type RawDeployment = z.infer<typeof RawDeployment>;

const RawStatus = z.object({
  deployments: z.array(RawDeployment).max(1000),
  transaction: z.array(text).nullish(),
});

/**
 * Throws HostError: UnreadableOutput (no JSON, or not of this shape), NoBootedDeployment.
 * What is booted is told by the flag, never by the place in the list: a staged deployment stands before it.
 */
export function parseStatusJson(printed: string): Status {
  const status = RawStatus.safeParse(parseJson(printed));
  if (!status.success) {
    const why = status.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).slice(0, 3);
    throw new HostError("UnreadableOutput", `rpm-ostree printed JSON that is no status (${why.join("; ")}).`);
  }
  const { deployments, transaction } = status.data;
  const booted = deployments.filter((deployment) => deployment.booted === true);
  const [first, second] = booted;
  if (first === undefined) {
    throw new HostError("NoBootedDeployment", `None of rpm-ostree's ${deployments.length} deployments is booted.`);
  }
  if (second !== undefined) throw new HostError("UnreadableOutput", "rpm-ostree names two booted deployments.");
  return {
    deployments: deployments.map(deploymentOf),
    modifications: modificationsOf(first),
    state: transaction === undefined ? null : transaction === null ? "idle" : "busy",
    transaction: transaction ? { title: transaction[0] ?? "", client: transaction[1] ?? null } : null,
    warnings: deployments.flatMap(warningsOf),
  };
}

function parseJson(printed: string): unknown {
  try {
    return JSON.parse(printed);
  } catch (cause) {
    throw new HostError("UnreadableOutput", "rpm-ostree printed something that is no JSON.", { cause });
  }
}

const digestPattern = /sha256:[0-9a-f]{64}$/;

function deploymentOf(raw: RawDeployment): Deployment {
  // A container reference goes first: since v2024.9 it can come with a custom origin, which is only a description then.
  const image = raw["container-image-reference"] ?? raw["custom-origin"]?.[0] ?? raw.origin ?? null;
  const manifest = manifestDigest(raw);
  const reference = image === null ? null : (/@(sha256:[0-9a-f]{64})$/.exec(image)?.[1] ?? null);
  return {
    booted: raw.booted === true,
    staged: raw.staged === true,
    image,
    digest: manifest ?? reference,
    digestSource: manifest !== null ? "manifest" : reference !== null ? "reference" : null,
    version: raw.version ?? null,
    checksum: raw.checksum ?? null,
    baseChecksum: raw["base-checksum"] ?? null,
    pinned: raw.pinned === true,
    unlocked: raw.unlocked ?? "none",
    liveReplaced: raw["live-replaced"] ?? raw["live-inprogress"] ?? null,
  };
}

/** rpm-ostree leaves the first key out when its query of the base image failed (v2022.17 and later). */
function manifestDigest(raw: RawDeployment): string | null {
  const said = raw["container-image-reference-digest"] ?? raw["base-commit-meta"]?.["ostree.manifest-digest"] ?? null;
  return said !== null && said.length === 71 && digestPattern.test(said) ? said : null;
}

function modificationsOf(raw: RawDeployment): Modifications {
  const count = (some: z.infer<typeof list>): number => (some ? Object.keys(some).length : 0);
  const local = count(raw["requested-local-packages"]) + count(raw["requested-local-fileoverride-packages"]);
  const replaced = raw["base-local-replacements"] ?? raw["requested-base-local-replacements"];
  return {
    layered: count(raw.packages ?? raw["requested-packages"]),
    local,
    removed: count(raw["base-removals"] ?? raw["requested-base-removals"]),
    replaced: count(replaced) + count(raw["base-remote-replacements"]),
    initramfs: raw["regenerate-initramfs"] === true || count(raw["initramfs-etc"]) > 0,
  };
}

function warningsOf(raw: RawDeployment): string[] {
  const deployment = deploymentOf(raw);
  const named = raw.booted ? "booted" : raw.staged ? "staged" : null;
  if (named === null) return [];
  const reference = deployment.image === null ? undefined : digestPattern.exec(deployment.image)?.[0];
  return [
    ...(raw["finalization-locked"] ? [`${named}: locked, a reboot does not finalize it`] : []),
    ...(raw.endoflife ? [`${named}: end of life: ${raw.endoflife}`] : []),
    ...(reference !== undefined && reference !== deployment.digest ? [`${named}: digest is not the reference's`] : []),
  ];
}
