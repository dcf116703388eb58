// The request of an image: a GET whose redirects are followed, up to the head of the answer that is no redirect.
import { rootCertificates } from "node:tls";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import type { SharedBlocks } from "../../common/shared-blocks.ts";
import { type AnswerHead, answerHandler } from "./answer-handler.ts";
import { type DirectReads, directReads } from "./direct-reads.ts";
import { OvaError } from "./ova-error.ts";
import { type ProxySettings, proxyFor } from "./proxy.ts";

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

export interface Answer extends AnswerHead {
  /** Closes the connection. */
  close: () => Promise<void>;
}

export interface ImageRequest extends Route {
  url: URL;
  headers: Record<string, string>;
  /** What the body comes in. */
  blocks: SharedBlocks;
  /** Ends the request and the body; its reason is thrown. */
  signal: AbortSignal;
}

/**
 * Resolves with the first answer that is no redirect, of whatever status. Each hop has its own connection and chooses its own proxy.
 * Throws OvaError for a redirect that is not followed, else what Node and undici throw.
 */
export async function requestImage({ url, headers, blocks, signal, ...route }: ImageRequest): Promise<Answer> {
  let at = url;
  for (let redirects = 0; ; redirects += 1) {
    const line = lineFor(at, route);
    let close = () => line.dispatcher.destroy();
    try {
      const answer = await get(at, { ...line, headers, blocks, signal });
      close = async () => {
        await line.dispatcher.destroy();
        answer.content.drop();
      };
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

interface Line {
  dispatcher: Dispatcher;
  /** Of its one connection; null through a proxy: Node reads into given memory over no connection that it is given. */
  direct: DirectReads | null;
}

function lineFor(url: URL, { ca, additionalCa, proxy }: Route): Line {
  const trust = additionalCa === undefined ? ca : [...(ca === undefined ? rootCertificates : [ca]), additionalCa];
  // HTTP/2 has windows of its own: over a long line they hold a single stream back.
  const tls = { ...(trust === undefined ? {} : { ca: trust }), allowH2: false };
  const through = proxyFor(url, proxy ?? {});
  const limits = { maxHeaderSize: 64 << 10, connectTimeout: connectMilliseconds, allowH2: false };
  if (through !== null) {
    const dispatcher = new ProxyAgent({ ...limits, uri: through.href, requestTls: tls, proxyTls: tls });
    return { dispatcher, direct: null };
  }
  const direct = directReads();
  const connect = { timeout: connectMilliseconds, ...tls, onread: direct.onread };
  return { dispatcher: new Agent({ ...limits, connect }), direct };
}

interface Hop extends Line, Pick<ImageRequest, "headers" | "blocks" | "signal"> {}

async function get(url: URL, { dispatcher, direct, headers, blocks, signal }: Hop): Promise<AnswerHead> {
  // The caller's signal is the deadline for head and body.
  const limits = { headersTimeout: 0, bodyTimeout: 0 };
  const all = { accept: "*/*", "accept-encoding": "identity", ...headers };
  const options = { ...limits, origin: url.origin, path: `${url.pathname}${url.search}`, method: "GET", headers: all };
  const head = new Promise<AnswerHead>((resolve, reject) => {
    dispatcher.dispatch(options, answerHandler({ blocks, signal, direct, heard: resolve, failed: reject }));
  });
  return await orAborted(head, signal);
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
