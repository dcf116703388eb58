// The HTTP server of a program: /metrics, /healthz and /readyz.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";

interface Served {
  /** `host:port`; port 0 takes a free one. */
  listen: string;
  metrics: Registry;
  /** Whether the program has done its first round of work. */
  ready: () => boolean;
  signal: AbortSignal;
}

/** Starts to serve; resolves with the address once it listens, stops with the signal. Rejects when it cannot listen. */
export async function serve(served: Served): Promise<AddressInfo> {
  served.signal.throwIfAborted();
  const server = createServer((request, response) => {
    answer(served, request, response).catch(() => response.destroy());
  });
  const { host, port } = splitAddress(served.listen);
  served.signal.addEventListener("abort", () => server.close().closeAllConnections(), { once: true });
  return await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("close", () => reject(served.signal.reason));
    server.listen({ host, port, signal: served.signal }, () => resolve(server.address() as AddressInfo));
  });
}

async function answer(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (status: number, body: string, type = "text/plain; charset=utf-8") =>
    response.writeHead(status, { "content-type": type }).end(body);
  const [path] = (request.url ?? "").split("?", 1);
  if (request.method !== "GET" && request.method !== "HEAD") send(405, "only GET and HEAD\n");
  else if (path === "/healthz") send(200, "ok\n");
  else if (path === "/readyz") send(served.ready() ? 200 : 503, served.ready() ? "ok\n" : "not ready\n");
  else if (path === "/metrics") send(200, await served.metrics.metrics(), served.metrics.contentType);
  else send(404, "not found: try /metrics, /healthz or /readyz\n");
}

function splitAddress(listen: string): { host: string; port: number } {
  const at = listen.lastIndexOf(":");
  return { host: listen.slice(0, at).replace(/^\[|\]$/g, "") || "0.0.0.0", port: Number(listen.slice(at + 1)) };
}
