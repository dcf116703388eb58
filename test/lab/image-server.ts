// The image server of the lab: serves OVAs over HTTPS as the release's mirror would, whole and in ranges, and counts what it sent.
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Authority } from "./certificates.ts";
import { type Faults, type FaultyServing, faultyServing } from "./faults.ts";
import { imageAnswer } from "./image-answer.ts";
import { type Ova, type OvaOptions, ovaOf } from "./ova.ts";
import { linkOf } from "./paced.ts";

export interface Serving extends Faults {
  /** Bytes after which the file ends. */
  cutAfter?: number;
  /** What the second half of the file waits for. */
  hold?: Promise<void>;
  /** Bytes per second of all its downloads together. */
  rate?: number;
  path?: string;
}

export interface ImageServer {
  origin: string;
  /** Serves an OVA; gives its URL and its true sha256. */
  publish: (options: OvaOptions & Serving) => { url: string; sha256: string; size: number };
  /** Downloads begun or resumed, and bytes sent so far. */
  sent: () => { requests: number; bytes: number };
}

interface Published {
  ova: Ova;
  /** Of the file, which may end before the OVA does. */
  size: number;
  serving: Serving;
  faults: FaultyServing;
  link: ReturnType<typeof linkOf>;
  requests: number;
}

/** Starts the server on the authority's address with a certificate of it and for `names` too; it ends with the signal. */
export async function startImageServer(
  authority: Authority,
  signal: AbortSignal,
  names: string[] = [],
): Promise<ImageServer> {
  const { certificate, key } = await authority.issue("mirror", names);
  const published = new Map<string, Published>();
  const count = { requests: 0, bytes: 0 };
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const found = published.get(request.url ?? "");
    if (found === undefined) response.writeHead(404).end("no such image\n");
    else answer(found, count, { request, response }).catch(() => response.destroy());
  });
  server.listen(0, authority.address);
  await once(server, "listening");
  signal.addEventListener("abort", () => server.close().closeAllConnections(), { once: true });
  const address = server.address();
  const origin = `https://${authority.address}:${typeof address === "object" ? address?.port : 0}`;
  return {
    origin,
    sent: () => ({ ...count }),
    publish: ({ release, diskBytes, descriptor, ...serving }) => {
      const ova = ovaOf({ release, diskBytes, ...(descriptor === undefined ? {} : { descriptor }) });
      const at = serving.path ?? `/rhcos/${release}/x86_64/rhcos-${release}-vmware.x86_64.ova`;
      const size = serving.cutAfter ?? ova.size;
      const faults = faultyServing(serving);
      published.set(at, { ova, size, serving, faults, link: linkOf(serving.rate), requests: 0 });
      return { url: `${origin}${at}`, sha256: ova.sha256, size: ova.size };
    },
  };
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

async function answer(image: Published, count: ImageCount, { request, response }: Exchange): Promise<void> {
  if (image.faults.busy()) {
    response.writeHead(503, { "retry-after": "0" }).end("try again\n");
    return;
  }
  image.requests += 1;
  count.requests += 1;
  const { status, headers, from } = imageAnswer(request.headers, {
    size: image.size,
    version: `${image.ova.sha256.slice(0, 16)}${image.serving.replaced && image.requests > 1 ? "-replaced" : ""}`,
    ...image.serving,
  });
  response.writeHead(status, headers);
  if (status >= 400 || request.method === "HEAD") {
    response.end();
    return;
  }
  const fault = image.faults.next(from);
  await send(image, count, { response, from, to: Math.min(image.size, fault?.at ?? image.size) });
  if (fault?.kind === "cut") response.destroy();
  else if (fault === null) response.end();
}

type ImageCount = { requests: number; bytes: number };

interface Sending {
  response: ServerResponse;
  from: number;
  to: number;
}

async function send(image: Published, count: ImageCount, { response, from, to }: Sending): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  let at = from;
  for await (const piece of image.link(image.ova.bytes(from), gone.signal)) {
    if (at >= image.size / 2) await image.serving.hold;
    const part = piece.subarray(0, to - at);
    at += part.length;
    count.bytes += part.length;
    if (!response.write(part)) await once(response, "drain", { signal: gone.signal });
    if (at >= to || gone.signal.aborted) return;
  }
}
