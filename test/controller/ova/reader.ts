// The reader of a download in tests: its whole content, and how often it was resumed.
import { createHash } from "node:crypto";
import { download, type ImageSource } from "../../../controller/ova/download.ts";

/** Downloads the whole; waits milliseconds where a cluster waits seconds. */
export async function readImage(source: ImageSource, signal: AbortSignal) {
  const resumes: number[] = [];
  const onResume: ImageSource["onResume"] = ({ bytesDone }) => resumes.push(bytesDone);
  const got = await download({ stallMilliseconds: 3_000, retryMilliseconds: 5, onResume, ...source }, signal);
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of got.body) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest("hex"), bytes, resumes };
}
