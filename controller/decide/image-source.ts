// The image source: where boot images come from, which may be elsewhere than where the cluster's release has them.
import type { AskedImage, BootImage, BootImages, ImportedImage, PrestagedImage } from "./boot-image.ts";
import { type Decision, decided, refused } from "./decision.ts";
import { osStreamLabel } from "./os-stream.ts";
import { rhelStream } from "./release.ts";

/** `spec.imageSource`, but for the CA bundle. */
export type ImageSource = MirrorSource | UrlSource | TemplateSource;

interface MirrorSource {
  /** A folder that holds the release's images under the same file names; left out: the release's own URLs. */
  mirror?: string | undefined;
}

interface UrlSource {
  url: string;
  sha256: string;
  release: string;
}

interface TemplateSource {
  /** As `prestagedPath` reads it. */
  template: string;
  /** Left out: the one that the cluster's release has. */
  release?: string | undefined;
}

interface ClusterImages {
  /** What the cluster's release has. */
  released: BootImages<ImportedImage>;
  /** OpenShift's version, for images that its release does not have. */
  version: string;
}

/** For a MachineSet the image that the release, or the admin, means for its stream and architecture. */
export function imagesFrom(source: ImageSource, cluster: ClusterImages): BootImages {
  return (asked) => {
    if ("template" in source) return prestaged(source, asked, cluster);
    if ("url" in source) return explicit(source, asked, cluster);
    const image = cluster.released(asked);
    return image.ok ? decided({ ...image.value, url: mirrored(image.value.url, source.mirror) }) : image;
  };
}

function explicit(
  { url, sha256, release }: UrlSource,
  asked: AskedImage,
  { version }: ClusterImages,
): Decision<ImportedImage> {
  const image = named(release, asked, version);
  return image.ok ? decided({ ...image.value, url, sha256: sha256.toLowerCase() }) : image;
}

function prestaged(
  { template, release }: TemplateSource,
  asked: AskedImage,
  { released, version }: ClusterImages,
): Decision<PrestagedImage> {
  const image = release === undefined ? released(asked) : named(release, asked, version);
  if (!image.ok) return image;
  const { stream, architecture, ...known } = image.value;
  return decided({ stream, architecture, release: known.release, version: known.version, template });
}

/**
 * An image of which only the release is known: CoreOS for vSphere is x86_64, and a MachineSet that follows a stream gets
 * no release of another one. `NoVmwareImage`, `OtherStream`.
 */
function named(release: string, { stream, architecture }: AskedImage, version: string): Decision<BootImage> {
  if (architecture !== "x86_64")
    return refused("NoVmwareImage", `spec.imageSource names an image for x86_64, and none for ${architecture}.`);
  const own = rhelStream(release);
  if (stream === null || stream === own)
    return decided({ stream: stream ?? "default", architecture, release, version });
  const message = `The label ${osStreamLabel} names ${stream || "nothing"}; spec.imageSource names ${release}, of ${own ?? "no known stream"}.`;
  return refused("OtherStream", message);
}

/** The URL under a mirror's folder: the same file name, without the query. A mirror that is undefined changes nothing. */
function mirrored(url: string, mirror: string | undefined): string {
  if (mirror === undefined) return url;
  const { pathname } = new URL(url);
  return `${mirror.replace(/\/+$/, "")}/${pathname.slice(pathname.lastIndexOf("/") + 1)}`;
}
