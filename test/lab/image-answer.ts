// The answer of the image server to a request: status and headers, and from which byte on.

export interface Image {
  /** Bytes. */
  size: number;
  /** Tells one content from another; becomes the ETag. */
  version: string;
  noValidator?: boolean;
  wholeOnly?: boolean;
}

const modified = "Wed, 18 Nov 2026 08:00:00 GMT";

/** RFC 9110 §13.2.2 and §14: a range is given only for the validator of `If-Range`. Only `bytes=N-` is known here. */
export function imageAnswer(
  { range, "if-range": condition }: { [header: string]: string | string[] | undefined },
  { size, version, noValidator = false, wholeOnly = false }: Image,
): { status: number; headers: Record<string, string | number>; from: number } {
  const etag = `"${version}"`;
  const headers = {
    "content-type": "application/x-tar",
    "accept-ranges": "bytes",
    ...(noValidator ? {} : { etag, "last-modified": modified }),
  };
  const wanted = /^bytes=(\d+)-$/.exec(String(range))?.[1];
  const current = condition === undefined || condition === etag || condition === modified;
  if (wanted === undefined || !current || wholeOnly) {
    return { status: 200, headers: { ...headers, "content-length": size }, from: 0 };
  }
  const from = Number(wanted);
  if (from >= size) return { status: 416, headers: { "content-range": `bytes */${size}` }, from };
  const span = { "content-range": `bytes ${from}-${size - 1}/${size}`, "content-length": size - from };
  return { status: 206, headers: { ...headers, ...span }, from };
}
