// The strong validator of an image: what tells two answers for one URL apart, byte by byte.

/** What `If-Range` may hold, as it was received. */
export interface Validator {
  header: "etag" | "last-modified";
  value: string;
}

/** Between Date and Last-Modified, so that a second change within that second, or two clocks, cannot matter. Milliseconds. */
const certainty = 60_000;

/**
 * The validator by which a transfer may go on (RFC 9110 §13.1.5): an ETag that is not weak (§8.8.3); without any ETag, a Last-Modified
 * that is long enough before the answer's Date to be strong (§8.8.2.2). Null where there is none.
 */
export function strongValidator(headers: Headers): Validator | null {
  const etag = headers.get("etag");
  if (etag !== null) return /^"[\x21\x23-\x7e\x80-\xff]*"$/.test(etag) ? { header: "etag", value: etag } : null;
  const modified = headers.get("last-modified");
  const age = Date.parse(headers.get("date") ?? "") - Date.parse(modified ?? "");
  return modified !== null && age >= certainty ? { header: "last-modified", value: modified } : null;
}
