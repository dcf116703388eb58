// The boot image that the cluster's release asks for, from the ConfigMap coreos-bootimages.
import type { Architecture } from "./architecture.ts";
import { type Decision, decided, type Refusal, refused } from "./decision.ts";
import { isRelease } from "./release.ts";

export interface BootImageTarget {
  /** The boot image's own release, e.g. 9.6.20261028-0. */
  release: string;
  /** OpenShift's version, the ConfigMap's key `releaseVersion`. */
  version: string;
  url: string;
  /** 64 lower-case hex digits: of the OVA as it is downloaded. */
  sha256: string;
  architecture: Architecture;
}

/**
 * `data` of ConfigMap openshift-machine-config-operator/coreos-bootimages, whose key `stream` holds CoreOS stream
 * metadata. `BootImagesMissing` without it, `BootImagesInvalid` with the place of the first mistake, `NoVmwareImage`
 * where the architecture has none.
 */
export function bootImage(
  data: Readonly<Record<string, string>> | null,
  architecture: Architecture,
): Decision<BootImageTarget> {
  if (data === null)
    return refused("BootImagesMissing", "ConfigMap openshift-machine-config-operator/coreos-bootimages is missing.");
  const stream = parse(data.stream);
  if (!stream.ok) return stream;
  const architectures = member(stream.value, "architectures");
  if (!isObject(architectures)) return invalid("`stream` has no object `architectures`");
  const vmware = member(member(member(architectures, architecture), "artifacts"), "vmware");
  if (vmware === undefined)
    return refused("NoVmwareImage", `The stream of coreos-bootimages has no vmware artifact for ${architecture}.`);
  const version = data.releaseVersion;
  if (version === undefined || !/^\d[\w.+-]{0,127}$/.test(version))
    return invalid("`releaseVersion` is missing or no version");
  return target(vmware, { version, architecture });
}

function parse(stream: string | undefined): Decision<unknown> {
  if (stream === undefined) return invalid("it has no key `stream`");
  try {
    return decided(JSON.parse(stream));
  } catch (error) {
    // V8 quotes a piece of the text: it is cut, so that a page of HTML does not land in a condition.
    return invalid(`\`stream\` is no JSON (${error instanceof Error ? error.message.slice(0, 120) : "unreadable"})`);
  }
}

function target(vmware: unknown, known: { version: string; architecture: Architecture }): Decision<BootImageTarget> {
  const at = `architectures.${known.architecture}.artifacts.vmware`;
  const release = member(vmware, "release");
  if (typeof release !== "string" || !isRelease(release)) return invalid(`${at}.release is missing or no release`);
  const disk = member(member(member(vmware, "formats"), "ova"), "disk");
  if (!isObject(disk)) return invalid(`${at}.formats.ova.disk is missing`);
  const url = publicUrl(member(disk, "location"));
  if (url === undefined)
    return invalid(`${at}.formats.ova.disk.location is no http or https URL without user name and password`);
  const sha256 = member(disk, "sha256");
  if (typeof sha256 !== "string" || !/^[0-9a-fA-F]{64}$/.test(sha256))
    return invalid(`${at}.formats.ova.disk.sha256 is not 64 hex digits`);
  return decided({ release, url, sha256: sha256.toLowerCase(), ...known });
}

function invalid(what: string): Refusal {
  return refused("BootImagesInvalid", `ConfigMap coreos-bootimages: ${what}. Compare it with that of the release.`);
}

/** A value of parsed JSON, own properties only. */
function member(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The URL stands in the policy's status, for everybody to read: none with a password. */
function publicUrl(value: unknown): string | undefined {
  if (typeof value !== "string" || !URL.canParse(value)) return undefined;
  const { protocol, username, password } = new URL(value);
  return ["http:", "https:"].includes(protocol) && username === "" && password === "" ? value : undefined;
}
