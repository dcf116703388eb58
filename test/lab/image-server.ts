// The image server of the lab: serves OVAs over HTTPS as the release's mirror would, and counts what it sent.
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Authority } from "./certificates.ts";
import { type Ova, type OvaOptions, ovaOf } from "./ova.ts";

interface Serving {
  /** Bytes after which the file ends. */
  cutAfter?: number;
  /** What the second half of the file waits for. */
  hold?: Promise<void>;
  path?: string;
}

export interface ImageServer {
  origin: string;
  /** Serves an OVA; gives its URL and its true sha256. */
  publish: (options: OvaOptions & Serving) => { url: string; sha256: string; size: number };
  /** Downloads begun and bytes sent so far. */
  sent: () => { requests: number; bytes: number };
}

interface Published extends Ova {
  cutAfter: number | undefined;
  hold: Promise<void> | undefined;
}

/** Starts the server on loopback with a certificate of the lab's CA; it ends with the signal. */
export async function startImageServer(authority: Authority, signal: AbortSignal): Promise<ImageServer> {
  const { certificate, key } = await authority.issue("mirror");
  const published = new Map<string, Published>();
  const count = { requests: 0, bytes: 0 };
  const server = createServer({ cert: certificate, key }, (request, response) => {
    answer(published, count, { request, response }).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  signal.addEventListener("abort", () => server.close().closeAllConnections(), { once: true });
  const address = server.address();
  const origin = `https://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  return {
    origin,
    sent: () => ({ ...count }),
    publish: ({ cutAfter, hold, path, ...options }) => {
      const ova = ovaOf(options);
      const at = path ?? `/rhcos/${options.release}/x86_64/rhcos-${options.release}-vmware.x86_64.ova`;
      published.set(at, { ...ova, cutAfter, hold });
      return { url: `${origin}${at}`, sha256: ova.sha256, size: ova.size };
    },
  };
}

async function answer(
  published: Map<string, Published>,
  count: { requests: number; bytes: number },
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const ova = published.get(request.url ?? "");
  if (ova === undefined) {
    response.writeHead(404).end("no such image\n");
    return;
  }
  count.requests += 1;
  const length = ova.cutAfter ?? ova.size;
  response.writeHead(200, { "content-type": "application/x-tar", "content-length": length });
  await pipeline(Readable.from(counted(ova, length, count), { objectMode: false }), response);
}

async function* counted(ova: Published, length: number, count: { bytes: number }): AsyncGenerator<Buffer> {
  let left = length;
  for (const part of ova.bytes()) {
    if (left <= 0) return;
    if (left <= length / 2) await ova.hold;
    const piece = part.subarray(0, left);
    left -= piece.length;
    count.bytes += piece.length;
    yield piece;
  }
}
