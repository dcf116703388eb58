// The range of an image: the rest of it that is asked for, and whether an answer is exactly that.
import { OvaError } from "./ova-error.ts";
import type { Validator } from "./validator.ts";

/** The rest of an image from a byte on. */
export interface Rest {
  /** Offset of the first byte that is missing. */
  from: number;
  /** Bytes of the whole image, as the first answer told. */
  total: number;
  /** Of the first answer. */
  validator: Validator;
}

/** The headers that ask for the rest, and for the rest of nothing else (RFC 9110 §13.1.5, §14.2). */
export function rangeHeaders({ from, validator }: Rest): Record<string, string> {
  return { range: `bytes=${from}-`, "if-range": validator.value };
}

/**
 * Throws OvaError unless an answer of status 200 or 206 is the rest: a 206 with the range that was asked for and the total of
 * before. A 200 is the whole image from its beginning, whose first bytes have gone their way: ImageChanged where the validator is
 * another, DownloadFailed where the server only cannot resume.
 */
export function checkRange({ status, headers }: { status: number; headers: Headers }, rest: Rest): void {
  const { from, total, validator } = rest;
  const now = headers.get(validator.header);
  // A 206 need not repeat a Last-Modified (RFC 9110 §15.3.7).
  if (now !== validator.value && (now !== null || status !== 206)) throw changed();
  if (status !== 206) {
    throw new OvaError("DownloadFailed", "The server does not send the rest of an image alone.");
  }
  const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(headers.get("content-range") ?? "");
  const [, first, last, whole] = (range ?? []).map(Number);
  if (whole !== undefined && whole !== total) throw changed();
  if (first !== from || last !== total - 1) {
    throw new OvaError("DownloadFailed", `The server does not send the bytes from ${from} on that it was asked for.`);
  }
}

function changed(): OvaError {
  return new OvaError("ImageChanged", "The image was replaced while it was downloaded.");
}
