// The download of an image over HTTP or HTTPS: a stream with deadlines, never a file.
import { Agent, interceptors, request } from "undici";
import { failureOf } from "../../common/failure.ts";
import { OvaError } from "./ova-error.ts";
import { type Pace, paceKeeper } from "./pace.ts";

const mebibyte = 1 << 20;
const connectMilliseconds = 30_000;
/** A server that sends a byte a minute never falls silent. */
const leastPace: Pace = { bytesPerSecond: 64 << 10, milliseconds: 300_000 };

export interface ImageSource {
  /** http: or https:; userinfo and query are never shown. */
  url: string;
  /** PEM bundle to trust in place of the system's roots. */
  ca?: string | undefined;
  /** How long the server may stay silent, in milliseconds, before the first byte and between two. Default: 60,000. */
  stallMilliseconds?: number | undefined;
  /** How slow the server may be; its window is also the deadline for the answer's head, redirects included. Default: 64 KiB/s in 5 min. */
  pace?: Pace | undefined;
}

export interface Download {
  /** Throws OvaError when the transfer breaks. Ending the iteration early closes the connection. */
  body: AsyncIterable<Buffer>;
  /** Content-Length in bytes; null if the server does not say. */
  bytes: number | null;
}

/** Starts to download. Follows up to 5 redirects. Throws OvaError: DownloadFailed, Interrupted. */
export async function download(source: ImageSource, signal: AbortSignal): Promise<Download> {
  const url = httpUrl(source.url);
  const agent = new Agent({
    connect: { timeout: connectMilliseconds, ...(source.ca === undefined ? {} : { ca: source.ca }) },
    headersTimeout: source.stallMilliseconds ?? 60_000,
    bodyTimeout: source.stallMilliseconds ?? 60_000,
    maxHeaderSize: 64 << 10,
  });
  const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: 5, throwOnMaxRedirect: true }));
  const pace = source.pace ?? leastPace;
  const slow = new Error(`the server did not come to the image within ${pace.milliseconds / 1000} s`);
  // A redirect's own body is read to its end, however long.
  const beginning = setTimeout(() => void agent.destroy(slow), pace.milliseconds);
  try {
    const response = await request(url, { dispatcher, signal, highWaterMark: mebibyte });
    if (response.statusCode !== 200) {
      throw new OvaError("DownloadFailed", `The server answers ${response.statusCode} for ${shown(url)}.`);
    }
    const bytes = contentLength(response.headers["content-length"]);
    return { bytes, body: watched({ body: response.body, url, bytes, signal, agent, pace }) };
  } catch (thrown) {
    await agent.destroy();
    throw asOvaError(thrown, url, signal);
  } finally {
    clearTimeout(beginning);
  }
}

function httpUrl(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new OvaError("DownloadFailed", "The image's URL is no http: or https: URL: mend the policy or the stream.");
}

/** The address without userinfo, query and fragment: they may hold secrets. */
function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function contentLength(header: string | string[] | undefined): number | null {
  return typeof header === "string" && /^\d{1,15}$/.test(header) ? Number(header) : null;
}

interface Transfer {
  body: AsyncIterable<Buffer>;
  url: URL;
  bytes: number | null;
  signal: AbortSignal;
  agent: Agent;
  pace: Pace;
}

async function* watched(transfer: Transfer): AsyncGenerator<Buffer, void, undefined> {
  const isSlow = paceKeeper(transfer.pace);
  let received = 0;
  let asked = performance.now();
  try {
    for await (const chunk of transfer.body) {
      received += chunk.length;
      if (isSlow(chunk.length, performance.now() - asked)) throw new Error("the server sends too slowly");
      yield chunk;
      asked = performance.now();
    }
  } catch (thrown) {
    const failure = asOvaError(thrown, transfer.url, transfer.signal);
    if (failure.reason === "Interrupted") throw failure;
    const of = transfer.bytes === null ? "" : ` of ${transfer.bytes}`;
    throw new OvaError("DownloadFailed", `${failure.message} ${received}${of} bytes had arrived.`, { cause: failure });
  } finally {
    await transfer.agent.destroy();
  }
}

function asOvaError(thrown: unknown, url: URL, signal: AbortSignal): OvaError {
  if (thrown instanceof OvaError) return thrown;
  if (signal.aborted) return new OvaError("Interrupted", `The download of ${shown(url)} was interrupted.`);
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  // Node's advice behind a semicolon (“if the root CA is installed locally, try …”) is not for the reader of this.
  const [message = code] = failureOf(thrown).message.split(";");
  const cause = code.includes("TIMEOUT") ? "the server fell silent" : message;
  return new OvaError("DownloadFailed", `The download of ${shown(url)} failed: ${cause}.`, { cause: thrown });
}
