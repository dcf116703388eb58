// The host file: a small regular file of the host, read without leaving the host's root and without trusting its size.
import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";

/**
 * The text of `path` below `root`, symbolic links followed as long as they stay inside. Null when it is missing.
 * Throws an Error for what is no regular file, lies outside the root or is larger than `limit` bytes.
 */
export async function readHostFile(root: string, path: string, limit: number): Promise<string | null> {
  const inside = await realpath(root);
  const file = await realpath(join(root, path)).catch(nullIfMissing);
  if (file === null) return null;
  if (!file.startsWith(inside.endsWith(sep) ? inside : inside + sep)) throw new Error("leads out of the host's root");
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw new Error("is no regular file");
    const buffer = Buffer.alloc(limit + 1);
    let length = 0;
    // Files of /proc say size 0 and may be read in pieces.
    for (let read = -1; read !== 0 && length <= limit; length += read) {
      read = (await handle.read(buffer, length, buffer.length - length)).bytesRead;
    }
    if (length > limit) throw new Error(`is larger than ${limit} bytes`);
    return buffer.toString("utf8", 0, length);
  } finally {
    await handle.close();
  }
}

function nullIfMissing(error: unknown): null {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return null;
  throw error;
}
