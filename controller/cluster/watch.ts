// The watch: one long answer of the API server, with a line of JSON for each event.
// Not client-node's: that makes a client with new connections for each watch, and ends each after 30 seconds without an event.
import { type Dispatcher, errors, request } from "undici";
import { z } from "zod";
import { KubeError, refusal } from "./kube-error.ts";

export interface Watching {
  path: string;
  query: Record<string, string>;
  each: (type: string, object: unknown) => void;
}

export interface Access {
  url: string;
  headers: Record<string, string>;
  dispatcher: Dispatcher | undefined;
  signal: AbortSignal;
}

/** Milliseconds. */
const answerTime = 30_000;
/**
 * Milliseconds without a byte after which the line is held for dead. The API server sends a bookmark about every minute
 * (its cacher's defaultBookmarkFrequency); where it has none to send, the watch is taken up again to no harm.
 */
const silence = 75_000;
/** The API server ends a watch itself after 5 to 10 minutes, as of client-go, so that its replicas share them again. */
const [shortest, longest] = [300, 600];
/** Bytes of one event: etcd takes objects of 1.5 MB, and JSON may write six bytes for one. */
const lineLimit = 16 * 1024 * 1024;

const Event = z.object({ type: z.string(), object: z.unknown() });

/** Resolves when the watch has ended in order, was silent too long or the signal aborted. Throws KubeError. */
export async function watch({ url, headers, dispatcher, signal }: Access, watching: Watching): Promise<void> {
  const { path, query, each } = watching;
  const seconds = Math.round(shortest + Math.random() * (longest - shortest));
  const all = { watch: "true", allowWatchBookmarks: "true", timeoutSeconds: `${seconds}`, ...query };
  try {
    const answer = await request(`${url}${path}?${new URLSearchParams(all)}`, {
      headers: { ...headers, accept: "application/json" },
      ...(dispatcher === undefined ? {} : { dispatcher }),
      signal,
      headersTimeout: answerTime,
      bodyTimeout: silence,
    });
    const { statusCode: status, body } = answer;
    if (status !== 200) throw refusal(`Watch of ${path}`, { status, text: await body.text(), headers: answer.headers });
    for await (const line of linesOf(body, path)) {
      const { type, object } = Event.parse(JSON.parse(line));
      each(type, object);
    }
  } catch (cause) {
    if (signal.aborted || cause instanceof errors.BodyTimeoutError) return;
    if (cause instanceof KubeError) throw cause;
    throw new KubeError(0, `Watch of ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

async function* linesOf(body: AsyncIterable<Buffer>, path: string): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    let from = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, end)]).toString("utf8");
      [parts, size, from] = [[], 0, end + 1];
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > lineLimit) throw new KubeError(0, `Watch of ${path}: an event is larger than ${lineLimit} bytes.`);
  }
}
