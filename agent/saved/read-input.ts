// The input of `parse`: a file or the standard input as text, whichever of the usual encodings it was saved in.
import { createReadStream } from "node:fs";
import { oneLine } from "../../common/one-line.ts";
import { HostError } from "../host/status.ts";

/** The status of a thousand nodes has some megabytes. */
const limit = 256 * 1024 * 1024;

/** Throws HostError (InputUnreadable). */
export async function readInput(source: NodeJS.ReadableStream | string): Promise<string> {
  const named = typeof source === "string" ? source : "The standard input";
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of typeof source === "string" ? createReadStream(source) : source) {
      chunks.push(Buffer.from(chunk));
      size += chunk.length;
      if (size > limit) throw new Error(`it has more than ${limit / 1024 / 1024} MiB`);
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HostError("InputUnreadable", oneLine(`${named} cannot be read: ${why}`), { cause });
  }
  return decode(Buffer.concat(chunks));
}

/** UTF-8 for everybody but PowerShell, whose redirection writes UTF-16 with its mark. What is neither is read as well as it goes. */
function decode(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString("hex");
  const encoding = mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}
