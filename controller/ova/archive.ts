// The archive of an OVA, read in one pass: every byte is hashed, the descriptor is held, the disk flows on.
import { pipeline } from "node:stream/promises";
import { type Extract, extract } from "tar-stream";
import { type Digest, plainDigest } from "../../common/digest.ts";
import { failureOf } from "../../common/failure.ts";
import { type SharedBlocks, sharedBlocks } from "../../common/shared-blocks.ts";
import { OvaError } from "./ova-error.ts";
import { type Transit, transit } from "./transit.ts";

const mebibyte = 1 << 20;
const descriptorLimit = mebibyte;
/** Of a manifest or a certificate, before or behind the disk. */
const extrasLimit = mebibyte;
/** Of everything before the disk. tar-stream passes over empty blocks and extended headers without end. */
const headLimit = 8 * mebibyte;
/** Of everything behind the disk, and of what is read ahead of it. */
const tailLimit = 5 * mebibyte;

export interface Archive {
  /** The OVF document. */
  descriptor: string;
  disk: {
    name: string;
    /** Bytes of the disk's file, as the archive says. */
    size: number;
    /** To be read once and wholly. A piece may be read until the next one is asked for, or as long as it is held. Throws OvaError when the image breaks off. */
    content: AsyncIterable<Buffer>;
  };
  /** Reads what follows the disk. `sha256` is lower-case hex of all bytes, known only now. */
  finish(): Promise<{ sha256: string; bytes: number }>;
  /** Lets go of an archive that is not wanted any more; the body is closed. */
  close(): Promise<void>;
}

/**
 * Reads an OVA up to its disk. The format (DMTF DSP0243, §5.3): a tar whose first entry is the .ovf; a manifest (.mf) and a
 * certificate (.cert) may follow it, or stand at the end. `body` comes in `blocks`.
 * Throws OvaError: DescriptorMissing, DescriptorInvalid, ImageTruncated, and what `body` throws.
 */
export async function openArchive(
  body: AsyncIterable<Buffer>,
  { digest = plainDigest("sha256"), blocks = sharedBlocks() }: Reading = {},
): Promise<Archive> {
  const count: Count = {
    bytes: 0,
    limit: headLimit,
    excess: "The image holds no OVF descriptor and disk in its first 8 MiB.",
  };
  const tar = extract();
  const inside = transit(blocks);
  const flow = settled(pipeline(hashed(body, { digest, count, inside }), tar));
  const entries = tar[Symbol.asyncIterator]();
  const close = () => abandon(tar, flow);
  try {
    const descriptor = await readDescriptor(entries);
    const disk = await findDisk(entries);
    const { name, size } = disk.header;
    count.limit = count.bytes + size + tailLimit;
    count.excess = "The image goes on far behind its disk: it is no OVA of one disk.";
    const finish = async () => {
      await skipRest(entries);
      const thrown = await flow;
      if (thrown !== undefined) throw asOvaError(thrown);
      return { sha256: await digest.end(), bytes: count.bytes };
    };
    return { descriptor, disk: { name, size, content: content(disk, inside) }, finish, close };
  } catch (thrown) {
    await close();
    throw asOvaError(thrown);
  }
}

export interface Reading {
  /** A sha256, of nothing so far. */
  digest?: Digest | undefined;
  blocks?: Pick<SharedBlocks, "hold"> | undefined;
}

/** What a promise threw, or undefined: so that it may be waited for later. */
async function settled(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

async function abandon(tar: Extract, flow: Promise<unknown>): Promise<void> {
  tar.destroy();
  await flow;
}

interface Count {
  bytes: number;
  limit: number;
  /** What is wrong with an image that goes on beyond the limit. */
  excess: string;
}

interface Passing {
  digest: Digest;
  count: Count;
  inside: Transit;
}

async function* hashed(
  body: AsyncIterable<Buffer>,
  { digest, count, inside }: Passing,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const block of body) {
    inside.enter(block);
    await digest.update(block);
    count.bytes += block.length;
    if (count.bytes > count.limit) throw new OvaError("DescriptorInvalid", count.excess);
    yield block;
  }
}

type Entry = Extract extends AsyncIterable<infer Each> ? Each : never;
type Entries = AsyncIterator<Entry, unknown, undefined>;

async function readDescriptor(entries: Entries): Promise<string> {
  const entry = await nextEntry(entries).catch((thrown: unknown) => {
    if (thrown instanceof OvaError || isTruncation(thrown)) throw thrown;
    throw new OvaError("DescriptorMissing", "The image is no tar archive, so no OVA.", { cause: thrown });
  });
  if (entry === null) throw new OvaError("DescriptorMissing", "The image is an empty archive.");
  const { name, size } = entry.header;
  if (!name.endsWith(".ovf")) {
    throw new OvaError("DescriptorMissing", `The image begins with ${short(name)}, not with an OVF descriptor.`);
  }
  if (size > descriptorLimit) {
    throw new OvaError("DescriptorInvalid", `The OVF descriptor has ${size} bytes; ${descriptorLimit} are allowed.`);
  }
  const parts: Buffer[] = [];
  for await (const part of bytesOf(entry)) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

async function findDisk(entries: Entries): Promise<Entry> {
  for (let seen = 0; seen < 3; seen += 1) {
    const entry = await nextEntry(entries);
    if (entry === null) break;
    if (!isExtra(entry.header.name)) return entry;
    await skip(entry);
  }
  throw new OvaError("DescriptorInvalid", "The image holds no disk behind its OVF descriptor.");
}

async function skipRest(entries: Entries): Promise<void> {
  for (let entry = await nextEntry(entries); entry !== null; entry = await nextEntry(entries)) {
    if (!isExtra(entry.header.name)) {
      throw new OvaError("DescriptorInvalid", `The image holds ${short(entry.header.name)} beside its disk.`);
    }
    await skip(entry);
  }
}

async function nextEntry(entries: Entries): Promise<Entry | null> {
  const next = await entries.next();
  if (next.done === true) return null;
  const { name, type } = next.value.header;
  if (type === "file") return next.value;
  throw new OvaError("DescriptorInvalid", `The image holds a ${type}: ${short(name)}.`);
}

function isExtra(name: string): boolean {
  return name.endsWith(".mf") || name.endsWith(".cert");
}

async function skip(entry: Entry): Promise<void> {
  const { name, size } = entry.header;
  if (size > extrasLimit) throw new OvaError("DescriptorInvalid", `${short(name)} in the image has ${size} bytes.`);
  for await (const _ of entry);
}

async function* content(entry: Entry, inside: Transit): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const piece of bytesOf(entry)) {
      inside.leave(piece);
      yield piece;
    }
  } catch (thrown) {
    throw asOvaError(thrown);
  }
}

/** tar-stream's types leave the chunks open; they are buffers. */
async function* bytesOf(entry: Entry): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of entry) if (Buffer.isBuffer(chunk)) yield chunk;
}

/** Names in an archive are of a stranger's making: bounded, and quoted against control characters. */
function short(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}

function asOvaError(thrown: unknown): OvaError {
  if (thrown instanceof OvaError) return thrown;
  const message = isTruncation(thrown)
    ? "The image ends in the middle."
    : `The archive breaks: ${failureOf(thrown).message}.`;
  return new OvaError("ImageTruncated", message, { cause: thrown });
}

/** The text of tar-stream's one error for an archive that ends too early. */
function isTruncation(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message === "Unexpected end of data";
}
