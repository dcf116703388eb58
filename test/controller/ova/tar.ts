// Archives for the tests, made by tar-stream's own writer.
import { createHash } from "node:crypto";
import { pack } from "tar-stream";
import type { SharedBlocks } from "../../../common/shared-blocks.ts";

export type Member = [name: string, content: Buffer | string];

export async function tarOf(members: readonly Member[]): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of members) archive.entry({ name }, content);
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) if (Buffer.isBuffer(part)) parts.push(part);
  return Buffer.concat(parts);
}

export async function* chunks(bytes: Buffer, size = 1000): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** In shared blocks, each of which is filled anew as soon as nobody holds it. */
export async function* inBlocks(bytes: Buffer, blocks: SharedBlocks): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < bytes.length; ) {
    const { block, release } = blocks.take();
    const filled = bytes.copy(block, 0, at);
    at += filled;
    try {
      yield block.subarray(0, filled);
    } finally {
      release();
    }
  }
}

export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export async function readAll(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts);
}
