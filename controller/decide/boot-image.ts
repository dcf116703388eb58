// The boot images that the cluster's release asks for, from the ConfigMap coreos-bootimages.
import type { Architecture } from "./architecture.ts";
import { type Decision, decided, type Refusal, refused } from "./decision.ts";
import { osStreamLabel } from "./os-stream.ts";
import { isRelease } from "./release.ts";

export interface BootImage {
  /** A key of the ConfigMap's `streams`, e.g. rhel-10; `default` for its key `stream`. */
  stream: string;
  architecture: Architecture;
  /** The boot image's own release, e.g. 9.6.20261028-0. */
  release: string;
  /** OpenShift's version, the ConfigMap's key `releaseVersion`. */
  version: string;
}

/** An image that is imported, where no template of it is there. */
export interface ImportedImage extends BootImage {
  url: string;
  /** 64 lower-case hex digits: of the OVA as it is downloaded. */
  sha256: string;
}

/** An image of which somebody has made a template. */
export interface PrestagedImage extends BootImage {
  /** As in `spec.imageSource.template`. */
  template: string;
}

export type BootImageTarget = ImportedImage | PrestagedImage;

/** What a MachineSet asks for; `stream`: as `osStream` says. */
export interface AskedImage {
  stream: string | null;
  architecture: Architecture;
}

export type BootImages<Image extends BootImageTarget = BootImageTarget> = (asked: AskedImage) => Decision<Image>;

/**
 * `data` of ConfigMap openshift-machine-config-operator/coreos-bootimages, whose key `stream` holds CoreOS stream
 * metadata, and `streams`, where the release has several, a map of such by their names. `BootImagesMissing` without the
 * ConfigMap, `BootImagesInvalid` with the place of the first mistake, `OtherStream` for a stream that it does not have,
 * `NoVmwareImage` where the architecture has no image.
 */
export function bootImages(data: Readonly<Record<string, string>> | null): BootImages<ImportedImage> {
  if (data === null) {
    const missing = "ConfigMap openshift-machine-config-operator/coreos-bootimages is missing.";
    return () => refused("BootImagesMissing", missing);
  }
  // The metadata of all architectures are long: they are parsed once, and only where they are asked for.
  const parsed = new Map<string, Decision<unknown>>();
  const read = (key: string) => {
    const decision = parsed.get(key) ?? parse(data[key], key);
    parsed.set(key, decision);
    return decision;
  };
  return ({ stream, architecture }) => {
    const found = streamNamed(stream, { data, read });
    if (!found.ok) return found;
    const architectures = member(found.value.metadata, "architectures");
    if (!isObject(architectures)) return invalid(`${found.value.at} has no object \`architectures\``);
    const vmware = member(member(member(architectures, architecture), "artifacts"), "vmware");
    if (vmware === undefined)
      return refused(
        "NoVmwareImage",
        `${found.value.at} of coreos-bootimages has no vmware artifact for ${architecture}.`,
      );
    const version = data.releaseVersion;
    if (version === undefined || !/^\d[\w.+-]{0,127}$/.test(version))
      return invalid("`releaseVersion` is missing or no version");
    return target(vmware, { ...found.value, version, architecture });
  };
}

/** Equal for one image, by whatever name it is asked for. */
export function imageKey(image: BootImageTarget): string {
  const { release } = image;
  return JSON.stringify(isImported(image) ? [release, image.sha256, image.url] : [release, image.template]);
}

export function isImported(image: BootImageTarget): image is ImportedImage {
  return "url" in image;
}

export function isSameImage(one: BootImageTarget, other: BootImageTarget): boolean {
  return imageKey(one) === imageKey(other);
}

interface Stream {
  /** As in `BootImageTarget`. */
  stream: string;
  /** Where it stands, for people. */
  at: string;
  metadata: unknown;
}

interface Source {
  data: Readonly<Record<string, string>>;
  read: (key: string) => Decision<unknown>;
}

/** Releases with one stream have no `streams`: theirs is rhel-9. */
function streamNamed(name: string | null, { data, read }: Source): Decision<Stream> {
  if (name === null || (name === "rhel-9" && data.streams === undefined)) {
    const metadata = read("stream");
    return metadata.ok ? decided({ stream: "default", at: "`stream`", metadata: metadata.value }) : metadata;
  }
  const streams = data.streams === undefined ? decided({}) : read("streams");
  if (!streams.ok) return streams;
  if (!isObject(streams.value)) return invalid("`streams` is no map of streams");
  const metadata = member(streams.value, name);
  if (metadata !== undefined) return decided({ stream: name, at: `\`streams.${name}\``, metadata });
  const names = Object.keys(streams.value).slice(0, 10).join(", ").slice(0, 200) || "its default stream only";
  const message = `The label ${osStreamLabel} names ${name || "nothing"}; coreos-bootimages has ${names}.`;
  return refused("OtherStream", message);
}

function parse(text: string | undefined, key: string): Decision<unknown> {
  if (text === undefined) return invalid(`it has no key \`${key}\``);
  try {
    return decided(JSON.parse(text));
  } catch (error) {
    // V8 quotes a piece of the text: it is cut, so that a page of HTML does not land in a condition.
    return invalid(`\`${key}\` is no JSON (${error instanceof Error ? error.message.slice(0, 120) : "unreadable"})`);
  }
}

interface Known extends Stream {
  version: string;
  architecture: Architecture;
}

function target(vmware: unknown, { stream, version, architecture, at: where }: Known): Decision<ImportedImage> {
  const at = `${where}: architectures.${architecture}.artifacts.vmware`;
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
  return decided({ stream, architecture, release, version, url, sha256: sha256.toLowerCase() });
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
