// The transfer of an image into vCenter: one stream from the mirror to the host, judged before it becomes anything.
import type { Digest } from "../../common/digest.ts";
import { type HashThread, hashThread } from "../../common/hash-thread.ts";
import { oneLine } from "../../common/one-line.ts";
import { type SharedBlocks, sharedBlocks } from "../../common/shared-blocks.ts";
import type { Archive } from "../ova/archive.ts";
import type { ImageSource } from "../ova/download.ts";
import { OvaError } from "../ova/ova-error.ts";
import type { Reference } from "../vsphere/answer.ts";
import { VimFault } from "../vsphere/fault.ts";
import { createImportSpec, type DiskProvisioning } from "../vsphere/import-spec.ts";
import { type Lease, withLease } from "../vsphere/lease.ts";
import type { Received } from "../vsphere/manifest.ts";
import type { Markers } from "../vsphere/markers.ts";
import type { ResolvedPlace } from "../vsphere/place.ts";
import type { Session } from "../vsphere/session.ts";
import { disableSecureBoot } from "../vsphere/template.ts";
import { type Sent, uploadDisk } from "../vsphere/upload.ts";
import type { Context, Progress } from "./context.ts";
import { needsOf, type OpenImage, openImage } from "./image.ts";
import type { Making } from "./make-template.ts";
import { preflightImage } from "./preflight.ts";

export interface Transfer {
  image: ImageSource;
  place: ResolvedPlace;
  /** `temp` is the name of the VM that comes into being; `sha256` and `release` decide. */
  markers: Markers;
  diskProvisioning: DiskProvisioning | undefined;
  report: (progress: Progress) => void;
}

interface Streaming extends OpenImage {
  hashing: HashThread;
  blocks: SharedBlocks;
}

interface Telling extends Pick<Context, "onNotice" | "spareBlocks">, Pick<Making, "begun" | "born"> {}

/**
 * Resolves with a powered-off VM under the temporary name and the bytes of the image. On a failure the lease was aborted; the VM may
 * still be there. Throws OvaError and VimFault.
 */
export async function transferImage(
  session: Session,
  transfer: Transfer,
  context: Telling,
): Promise<{ made: Reference; bytes: number }> {
  const { image, markers } = transfer;
  const blocks = sharedBlocks({ spare: context.spareBlocks });
  const hashing = hashThread(blocks);
  try {
    const digest = hashing.digest("sha256");
    const opened = await openImage(image, { release: markers.release, signal: session.signal, digest, blocks });
    const streaming = { ...opened, hashing, blocks };
    return await transferOpened(session, [transfer, context], streaming).finally(opened.close);
  } finally {
    await hashing.close();
    blocks.close();
  }
}

async function transferOpened(
  session: Session,
  [transfer, context]: [Transfer, Telling],
  { hashing, blocks, ...opened }: Streaming,
): Promise<{ made: Reference; bytes: number }> {
  const { place, diskProvisioning } = transfer;
  const { archive, descriptor, bytes, stop } = opened;

  await preflightImage(session, { place, image: needsOf(opened, diskProvisioning) });
  const spec = await requestSpec(session, transfer, { text: archive.descriptor, network: descriptor.network });
  tellWarnings(session, spec.warnings, context);
  const bytesTotal = bytes ?? archive.disk.size;
  context.begun();
  const done = await withLease(session, [place, spec], (lease) => {
    // A download that stalls must not hold up the news that the lease is lost.
    lease.signal.addEventListener("abort", stop, { once: true });
    const digest = hashing.digest("sha1");
    return fillLease(session, lease, { ...transfer, ...context, ...blocks, archive, bytesTotal, digest });
  });
  if (descriptor.secureBoot) await disableSecureBoot(session, done.made);
  return done;
}

async function requestSpec(
  session: Session,
  { place, markers, diskProvisioning }: Transfer,
  descriptor: { text: string; network: string },
) {
  return await createImportSpec(session, {
    descriptor: descriptor.text,
    name: markers.temp,
    resourcePool: place.resourcePool,
    datastore: place.datastore,
    host: place.host,
    network: { name: descriptor.network, reference: place.network },
    diskProvisioning,
    markers,
  });
}

function tellWarnings(session: Session, warnings: readonly string[], { onNotice }: Pick<Context, "onNotice">): void {
  if (warnings.length === 0) return;
  const said = oneLine(warnings.join("; "), 500);
  const message = `vCenter ${session.server} has ${warnings.length} remarks on the OVF descriptor: ${said}`;
  onNotice({ type: "Warning", reason: "ImportSpecWarnings", message });
}

interface Filling extends Transfer, Telling, Pick<SharedBlocks, "hold"> {
  archive: Archive;
  bytesTotal: number;
  /** Of the disk. */
  digest: Digest;
}

async function fillLease(
  session: Session,
  lease: Lease,
  { archive, markers, report, bytesTotal, digest, hold, onNotice, born }: Filling,
): Promise<{ made: Reference; bytes: number }> {
  const { size, content } = archive.disk;
  const onBytes = (bytesDone: number) => {
    const percent = Math.floor((100 * bytesDone) / size);
    lease.progress(percent);
    report({ stage: "Importing", percent, bytesDone, bytesTotal });
  };
  await born(lease.entity);
  const sent = await uploadDisk(session, { ...lease.disk, content, size, digest, hold, signal: lease.signal, onBytes });
  const { sha256, bytes } = await archive.finish();
  if (sha256 !== markers.sha256) {
    throw new OvaError("ChecksumMismatch", `The image's sha256 is ${sha256}, expected was ${markers.sha256}.`);
  }
  checkReceived(session, [await lease.received(), sent], onNotice);
  return { made: lease.entity, bytes };
}

/** Where vCenter tells no sha1 of it, the host's acceptance of the whole content-length over verified TLS must do. */
function checkReceived(session: Session, [received, sent]: [Received, Sent], onNotice: Context["onNotice"]): void {
  if ("unknown" in received) {
    const message = `What vCenter ${session.server} received is compared by its size only: ${oneLine(received.unknown, 300)}.`;
    onNotice({ type: "Normal", reason: "ReceivedNotCompared", message });
  } else if (received.sha1 !== sent.sha1) {
    throw new VimFault("UploadMismatch", `vCenter received a disk of sha1 ${received.sha1}; sent was ${sent.sha1}.`);
  }
}
