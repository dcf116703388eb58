// The HTTP server of a program: /metrics for those who may, /healthz and /readyz for everybody.
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import type { Log } from "./log.ts";
import { refusal } from "./metrics-client.ts";
import { createTlsServer, type Tls } from "./tls-server.ts";

export interface Serving {
  /** `host:port`; port 0 takes a free one. */
  listen: string;
  /** Null: plain HTTP, with metrics for everybody. */
  tls: Tls | null;
}

interface Served extends Serving {
  metrics: Registry;
  /** Whether the program has done its first round of work. */
  ready: () => boolean;
  log: Log;
  signal: AbortSignal;
}

/** Two kubelets and two Prometheuses do not come near it. */
const mostConnections = 64;

/**
 * Starts to serve; resolves with the address once it listens, stops with the signal.
 * Rejects when it cannot listen, and with TlsFilesError (TLSFilesInvalid).
 */
export async function serve(served: Served): Promise<AddressInfo> {
  const { tls, log, signal } = served;
  signal.throwIfAborted();
  const listener: RequestListener = (request, response) => {
    answer(served, request, response).catch(() => response.destroy());
  };
  const secure = tls === null ? null : await createTlsServer(tls, listener);
  const address = await listening(secure?.server ?? createServer(listener), served);
  void secure?.keepFresh(log, signal);
  return address;
}

async function listening(server: Server, { listen, signal }: Served): Promise<AddressInfo> {
  const { host, port } = splitAddress(listen);
  server.maxConnections = mostConnections;
  signal.addEventListener("abort", () => server.close().closeAllConnections(), { once: true });
  return await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("close", () => reject(signal.reason));
    server.listen({ host, port, signal }, () => resolve(server.address() as AddressInfo));
  });
}

async function answer(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (status: number, body: string, type = "text/plain; charset=utf-8") =>
    response.writeHead(status, { "content-type": type }).end(body);
  const [path] = (request.url ?? "").split("?", 1);
  if (request.method !== "GET" && request.method !== "HEAD") send(405, "only GET and HEAD\n");
  else if (path === "/healthz") send(200, "ok\n");
  else if (path === "/readyz") send(served.ready() ? 200 : 503, served.ready() ? "ok\n" : "not ready\n");
  else if (path === "/metrics") {
    const refused = refusal(request.socket, served.tls?.clients ?? []);
    if (refused === null) send(200, await served.metrics.metrics(), served.metrics.contentType);
    else send(refused.status, `${refused.why}\n`);
  } else send(404, "not found: try /metrics, /healthz or /readyz\n");
}

function splitAddress(listen: string): { host: string; port: number } {
  const at = listen.lastIndexOf(":");
  return { host: listen.slice(0, at).replace(/^\[|\]$/g, "") || "0.0.0.0", port: Number(listen.slice(at + 1)) };
}
