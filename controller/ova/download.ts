// The download of an image over HTTP or HTTPS: one stream of its bytes, whatever connections that takes, and never a file.
import { backoff } from "../../common/backoff.ts";
import { pause } from "../../common/deadline.ts";
import { type SharedBlocks, sharedBlocks } from "../../common/shared-blocks.ts";
import { type Connection, connect } from "./connection.ts";
import type { Answer, Route } from "./image-request.ts";
import { OvaError } from "./ova-error.ts";
import { type Pace, paceKeeper } from "./pace.ts";
import { createPatience, type Patience } from "./patience.ts";
import { checkRange, type Rest, rangeHeaders } from "./range.ts";
import { BadStatus, type Setback, Silence, setbackOf } from "./setback.ts";
import { strongValidator } from "./validator.ts";

/** A server that sends a byte a minute never falls silent. */
const leastPace: Pace = { bytesPerSecond: 64 << 10, milliseconds: 300_000 };
const beginning = { tries: 3, milliseconds: 30_000 };

export interface ImageSource extends Route {
  /** http: or https:; userinfo and query are never shown. */
  url: string;
  /**
   * How long the server may stay silent, in milliseconds, before the first byte and between two; where a transfer can be resumed, the
   * time that goes into resuming it is a part of that. Default: 60,000.
   */
  stallMilliseconds?: number | undefined;
  /** How slow the server may be. Default: 64 KiB/s in 5 min. */
  pace?: Pace | undefined;
  /** Before the first further try; doubled for each that follows. Default: 1,000. */
  retryMilliseconds?: number | undefined;
  /** Told of each time that the transfer goes on over a new connection: how many bytes had arrived, and what had broken it. */
  onResume?: ((resume: { bytesDone: number; why: string }) => void) | undefined;
}

export interface Download {
  /**
   * Throws OvaError when the transfer breaks for good. Ending the iteration early closes the connection. A block may be read until the
   * next one is asked for, or as long as it is held.
   */
  body: AsyncIterable<Buffer>;
  /** Content-Length in bytes; null if the server does not say. */
  bytes: number | null;
}

/**
 * Starts to download, with up to 3 tries within 30 s. Follows up to 5 redirects, at each try anew, none from https: to http:.
 * A body that breaks off or stalls is resumed where the server gave a length and a strong validator (range.ts).
 * Throws OvaError: DownloadFailed, ImageChanged, Interrupted.
 */
export async function download(source: ImageSource, signal: AbortSignal, blocks = sharedBlocks()): Promise<Download> {
  const url = httpUrl(source.url);
  const { stallMilliseconds = 60_000, retryMilliseconds = 1_000, pace = leastPace } = source;
  const from: From = {
    source,
    url,
    shown: `${url.origin}${url.pathname}`,
    stallMilliseconds,
    retryMilliseconds,
    blocks,
    signal,
  };
  const first = await begin(from);
  const bytes = contentLength(first.headers.get("content-length"));
  const validator = first.headers.get("accept-ranges") === "none" ? null : strongValidator(first.headers);
  const transfer: Transfer = {
    ...from,
    bytes,
    rest: bytes === null || validator === null ? null : { total: bytes, validator },
    received: 0,
    patience: createPatience({ idle: stallMilliseconds, first: retryMilliseconds }),
    isSlow: paceKeeper(pace),
  };
  return { bytes, body: seamless(transfer, first) };
}

interface From {
  source: ImageSource;
  url: URL;
  /** The address without userinfo, query and fragment: they may hold secrets. */
  shown: string;
  stallMilliseconds: number;
  retryMilliseconds: number;
  blocks: SharedBlocks;
  signal: AbortSignal;
}

interface Transfer extends From {
  bytes: number | null;
  /** What a further try asks for; null where the transfer cannot be resumed. */
  rest: Omit<Rest, "from"> | null;
  received: number;
  patience: Patience;
  isSlow: (bytes: number, waited: number) => boolean;
}

function httpUrl(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new OvaError("DownloadFailed", "The image's URL is no http: or https: URL: mend the policy or the stream.");
}

function contentLength(header: string | null): number | null {
  return header !== null && /^\d{1,15}$/.test(header) ? Number(header) : null;
}

async function begin(from: From): Promise<Connection> {
  const { url, shown, source, blocks, signal } = from;
  const began = performance.now();
  for (let failures = 1; ; failures += 1) {
    try {
      const request = { url, headers: {}, blocks, ...routeOf(source) };
      return await connect(request, checkWhole, { signal, milliseconds: from.stallMilliseconds });
    } catch (thrown) {
      const { failure, passing, retryAfter } = setbackOf(thrown, shown, signal);
      const wait = Math.max(retryAfter, backoff(failures, { first: from.retryMilliseconds, most: 10_000 }));
      const late = performance.now() - began + wait > beginning.milliseconds;
      if (!passing || failures === beginning.tries || late) throw failure;
      await pause(signal, wait);
    }
  }
}

function checkWhole({ status }: Answer): void {
  if (status !== 200) throw new BadStatus(status, 0);
}

function routeOf({ ca, additionalCa, proxy }: ImageSource): Route {
  return { ca, additionalCa, proxy };
}

async function* seamless(transfer: Transfer, first: Connection): AsyncGenerator<Buffer, void, undefined> {
  let connection = first;
  for (;;) {
    const setback = yield* drain(transfer, connection);
    if (setback === null) return;
    connection = await resume(transfer, setback);
  }
}

/** Gives the bytes of one connection; returns what broke it, or null at the end of the image. */
async function* drain(transfer: Transfer, connection: Connection): AsyncGenerator<Buffer, Setback | null, undefined> {
  const { patience } = transfer;
  const unwatch = connection.silence(() => silenceOf(transfer));
  let asked = performance.now();
  try {
    for await (const block of connection.content.body) {
      take(transfer, block.length, performance.now() - asked);
      yield block;
      asked = performance.now();
    }
    if (transfer.bytes === null || transfer.received === transfer.bytes) return null;
    throw new Silence("the server ended it too early");
  } catch (thrown) {
    patience.waited(performance.now() - asked);
    return setbackOf(thrown, transfer.shown, transfer.signal);
  } finally {
    unwatch();
    await connection.close();
  }
}

/** How long one connection may be silent, after a rest of so many milliseconds. */
function silenceOf({ rest, stallMilliseconds, patience }: Transfer, rested = 0): number {
  return rest === null ? stallMilliseconds : Math.min(patience.left() - rested, stallMilliseconds / 3);
}

function take(transfer: Transfer, length: number, waited: number): void {
  transfer.received += length;
  transfer.patience.arrived(length);
  const tooMany = transfer.bytes !== null && transfer.received > transfer.bytes;
  if (tooMany) throw new Error("the server sends more than it said");
  if (transfer.isSlow(length, waited)) throw new Error("the server sends too slowly");
}

async function resume(transfer: Transfer, broken: Setback): Promise<Connection> {
  const { source, url, shown, blocks, signal, patience, rest } = transfer;
  for (let last = broken; ; ) {
    const wait = last.passing && rest !== null ? patience.nextTry(last.retryAfter) : null;
    if (wait === null || rest === null) throw final(transfer, last.failure);
    const began = performance.now();
    await pause(signal, wait);
    const missing = { ...rest, from: transfer.received };
    const milliseconds = silenceOf(transfer, wait);
    try {
      const request = { url, headers: rangeHeaders(missing), blocks, ...routeOf(source) };
      const check = (answer: Answer) => checkRange(answer, missing);
      const connection = await connect(request, check, { signal, milliseconds });
      source.onResume?.({ bytesDone: missing.from, why: broken.failure.message });
      return connection;
    } catch (thrown) {
      last = setbackOf(thrown, shown, signal);
    } finally {
      patience.waited(performance.now() - began);
    }
  }
}

function final({ received, bytes }: Transfer, failure: OvaError): OvaError {
  if (failure.reason === "Interrupted") return failure;
  const of = bytes === null ? "" : ` of ${bytes}`;
  return new OvaError(failure.reason, `${failure.message} ${received}${of} bytes had arrived.`, { cause: failure });
}
