// The image of a boot image's URL: opened as far as its descriptor, which is held against what was ordered.
import type { SharedBlocks } from "../../common/shared-blocks.ts";
import { type Archive, openArchive, type Reading } from "../ova/archive.ts";
import { type Descriptor, largestFile, parseDescriptor } from "../ova/descriptor.ts";
import { download, type ImageSource } from "../ova/download.ts";
import { OvaError } from "../ova/ova-error.ts";
import { hardwareNumber } from "../vsphere/hardware.ts";
import type { DiskProvisioning } from "../vsphere/import-spec.ts";

export interface OpenImage {
  archive: Archive;
  descriptor: Descriptor;
  /** Of the whole image; null if the server does not say. */
  bytes: number | null;
  /** Ends the download at once. */
  stop: () => void;
  /** Lets go of it; the download ends. */
  close: () => Promise<void>;
}

/** What a template of it asks of datastore and host. */
export interface ImageNeeds {
  /** What is sent, or what the source has written. */
  fileBytes: number;
  capacityBytes: number;
  diskProvisioning: DiskProvisioning | undefined;
  /** 21 of `vmx-21`; null if it is not known. */
  hardware: number | null;
}

interface Opening extends Pick<Reading, "digest"> {
  release: string;
  signal: AbortSignal;
  /** What the image comes in. */
  blocks: SharedBlocks;
}

/** To be closed. Throws OvaError. */
export async function openImage(source: ImageSource, { release, signal, digest, blocks }: Opening): Promise<OpenImage> {
  const end = new AbortController();
  const stop = () => end.abort();
  const { body, bytes } = await download(source, AbortSignal.any([signal, end.signal]), blocks);
  const archive = await openArchive(body, { digest, blocks }).catch((thrown: unknown) => {
    // Nobody reads on: a server that has fallen silent is not waited for.
    stop();
    throw thrown;
  });
  const close = async () => {
    stop();
    await archive.close();
  };
  try {
    const descriptor = parseDescriptor(archive.descriptor);
    checkDescriptor(descriptor, archive, release);
    return { archive, descriptor, bytes, stop, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

export function needsOf(
  { descriptor: { disk, hardware }, archive }: Pick<OpenImage, "descriptor" | "archive">,
  diskProvisioning: DiskProvisioning | undefined,
): ImageNeeds {
  const { size: fileBytes } = archive.disk;
  return { fileBytes, capacityBytes: disk.capacity, diskProvisioning, hardware: hardwareNumber(hardware) };
}

function checkDescriptor({ productVersion, disk }: Descriptor, archive: Archive, release: string): void {
  const refuse = (what: string) => new OvaError("DescriptorInvalid", `The OVF descriptor is refused: ${what}.`);
  if (productVersion !== release) throw refuse(`its product version is ${productVersion}, not ${release}`);
  if (disk.href !== archive.disk.name) throw refuse(`its disk ${disk.href} does not follow it in the archive`);
  if (disk.fileSize !== null && disk.fileSize !== archive.disk.size) {
    throw refuse(`its disk has ${disk.fileSize} bytes, that of the archive ${archive.disk.size}`);
  }
  if (archive.disk.size > largestFile(disk.capacity)) {
    throw refuse(`its disk of ${disk.capacity} bytes cannot fill the archive's file of ${archive.disk.size} bytes`);
  }
}
