// The request of an image: a GET whose redirects are followed, up to the head of the answer that is no redirect.
import { rootCertificates } from "node:tls";
import { Agent, type Dispatcher, ProxyAgent, request } from "undici";
import { OvaError } from "./ova-error.ts";
import { type ProxySettings, proxyFor } from "./proxy.ts";

const mebibyte = 1 << 20;
const connectMilliseconds = 30_000;
const mostRedirects = 5;

export interface Route {
  /** PEM bundle to trust in place of the system's roots. */
  ca?: string | undefined;
  /** PEM bundle to trust besides them: that of a proxy which looks into TLS. */
  additionalCa?: string | undefined;
  /** The cluster-wide proxy; left out, every connection is direct. */
  proxy?: ProxySettings | undefined;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The bytes as they were sent, never decoded. */
  body: AsyncIterable<Buffer>;
  /** Closes the connection. */
  close: () => Promise<void>;
}

export interface ImageRequest extends Route {
  url: URL;
  headers: Record<string, string>;
  /** Ends the request and the body; its reason is thrown. */
  signal: AbortSignal;
}

/**
 * Resolves with the first answer that is no redirect, of whatever status. Each hop has its own connection and chooses its own proxy.
 * Throws OvaError for a redirect that is not followed, else what Node and undici throw.
 */
export async function requestImage({ url, headers, signal, ...route }: ImageRequest): Promise<Answer> {
  let at = url;
  for (let redirects = 0; ; redirects += 1) {
    const dispatcher = dispatcherFor(at, route);
    const close = () => dispatcher.destroy();
    try {
      const answer = await get(at, { dispatcher, headers, signal });
      const next = redirection(answer, at);
      if (next === null) return { ...answer, close };
      if (redirects === mostRedirects) throw new OvaError("DownloadFailed", "The server redirects more than 5 times.");
      at = next;
    } catch (thrown) {
      await close();
      throw thrown;
    }
    await close();
  }
}

function dispatcherFor(url: URL, { ca, additionalCa, proxy }: Route): Dispatcher {
  const trust = additionalCa === undefined ? ca : [...(ca === undefined ? rootCertificates : [ca]), additionalCa];
  const tls = trust === undefined ? {} : { ca: trust };
  const through = proxyFor(url, proxy ?? {});
  const limits = { maxHeaderSize: 64 << 10, connectTimeout: connectMilliseconds };
  if (through === null) return new Agent({ ...limits, connect: { timeout: connectMilliseconds, ...tls } });
  return new ProxyAgent({ ...limits, uri: through.href, requestTls: tls, proxyTls: tls });
}

interface Hop {
  dispatcher: Dispatcher;
  headers: Record<string, string>;
  signal: AbortSignal;
}

async function get(url: URL, { dispatcher, headers, signal }: Hop): Promise<Omit<Answer, "close">> {
  // The caller's signal is the deadline for head and body.
  const limits = { headersTimeout: 0, bodyTimeout: 0, highWaterMark: mebibyte };
  const all = { accept: "*/*", "accept-encoding": "identity", ...headers };
  const response = await orAborted(request(url, { dispatcher, signal, ...limits, headers: all }), signal);
  // A body that nobody reads to its end may break unheard.
  response.body.on("error", () => undefined);
  const received = new Headers();
  for (const [name, value] of Object.entries(response.headers)) {
    for (const each of [value ?? []].flat()) received.append(name, each);
  }
  return { status: response.statusCode, headers: received, body: response.body };
}

/** undici heeds the signal of a request only once that has a connection; the caller then destroys the dispatcher. */
async function orAborted<Result>(result: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const stop = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([result, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

const redirects = new Set([301, 302, 303, 307, 308]);

function redirection({ status, headers }: Pick<Answer, "status" | "headers">, from: URL): URL | null {
  const location = headers.get("location");
  if (!redirects.has(status) || location === null) return null;
  const next = URL.parse(location, from.href);
  if (next?.protocol !== "https:" && next?.protocol !== "http:") {
    throw new OvaError("DownloadFailed", "The server redirects to what is no http: or https: URL.");
  }
  if (from.protocol === "https:" && next.protocol === "http:") {
    throw new OvaError(
      "DownloadFailed",
      `The server redirects from https: to http: (${next.origin}), which is refused.`,
    );
  }
  return next;
}
