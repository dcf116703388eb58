// The fault proxy: stands before a server of the lab, sees each request, and does to it what a bad line or a bad server would.
import { once } from "node:events";
import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request as httpsRequest, type Server } from "node:https";
import type { Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { freePort } from "../lab/free-port.ts";
import type { Ground } from "../lab/ground.ts";
import { type Fault, flawed } from "./flaw.ts";

export interface Seen {
  /** A SOAP operation such as `Login`, or an HTTP method and path such as `PATCH /apis/…`. */
  call: string;
  userAgent: string;
  /** The client's. */
  port: number;
}

export interface FaultProxy {
  /** `https://127.0.0.1:port`. */
  origin: string;
  port: number;
  /** Asked for every request; null: it goes through as it is. */
  judge: (seen: Seen) => Fault | null;
  /** Told when the server's answer to a request is there, before the client gets it. */
  answered: (seen: Seen) => void | Promise<void>;
  /** What it presents at first. */
  identity: { certificate: string; key: string };
  /** Presents another certificate from now on, to new connections. */
  present: (identity: { certificate: string; key: string }) => void;
  /** Cuts every connection that is open. */
  cut: () => void;
  /** As long as this is pending, nothing that is said on either side is heard on the other. */
  silence: Promise<void> | null;
}

export interface FaultProxyOptions {
  /** Of the server behind. */
  target: string;
  /** The certificate of the server behind, where clients know it by its thumbprint. */
  identity?: { certificate: string; key: string };
}

/** Starts a proxy on a port that an Infrastructure may name; it ends with the ground. */
export async function startFaultProxy(ground: Ground, { target, identity }: FaultProxyOptions): Promise<FaultProxy> {
  const { certificate, key } = identity ?? (await ground.authority.issue("fault-proxy"));
  const agent = new Agent({ ca: ground.authority.certificate, keepAlive: true });
  const server = createServer({ cert: certificate, key });
  const port = await freePort();
  const proxy: FaultProxy = {
    origin: `https://127.0.0.1:${port}`,
    port,
    identity: { certificate, key },
    judge: () => null,
    answered: () => undefined,
    present: (other) => server.setSecureContext({ cert: other.certificate, key: other.key }),
    cut: () => server.closeAllConnections(),
    silence: null,
  };
  const lines = linesOf(server);
  server.on("request", (request, response) => {
    forward(proxy, { request, response, target: new URL(target), agent, lines }).catch(() => {
      if (!response.writableEnded) response.destroy();
    });
  });
  server.requestTimeout = 0;
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const end = () => {
    server.close().closeAllConnections();
    agent.destroy();
  };
  ground.signal.addEventListener("abort", end, { once: true });
  return proxy;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  target: URL;
  agent: Agent;
  lines: Lines;
}

/** The connections below TLS, by the client's port: only there an end of the line can be told from an end of the message. */
type Lines = ReadonlyMap<number, Socket>;

function linesOf(server: Server): Lines {
  const lines = new Map<number, Socket>();
  server.on("connection", (socket: Socket) => {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    lines.set(remotePort, socket);
    socket.once("close", () => lines.delete(remotePort));
  });
  return lines;
}

async function forward(proxy: FaultProxy, { request, response, target, agent, lines }: Exchange): Promise<void> {
  await proxy.silence;
  const isSoap = request.url === "/sdk";
  const body = isSoap ? await whole(request) : null;
  const operation = body && /<(?:\w+:)?Body[^>]*>\s*<(\w+)/.exec(body.toString("utf8"))?.[1];
  const seen = {
    call: operation ?? `${request.method} ${request.url}`,
    userAgent: request.headers["user-agent"] ?? "",
    port: request.socket.remotePort ?? 0,
  };
  const fault = proxy.judge(seen);
  if (fault?.kind === "status" && fault.after === undefined) return refuse(response, fault.status);
  const onward = httpsRequest({
    agent,
    host: target.hostname,
    port: target.port,
    method: request.method,
    path: request.url,
    headers: { ...request.headers, host: target.host },
  });
  const line = lineOf({ request, response, onward, lines });
  const answer = once(onward, "response");
  answer.catch(line.cut);
  if (body !== null) onward.end(body);
  else pipeline(flawed(request, fault, { side: "request", ...line }), onward).catch(line.cut);
  const [reply] = (await answer) as [IncomingMessage];
  await proxy.answered(seen);
  if (!isSoap) {
    response.writeHead(reply.statusCode ?? 502, reply.headers);
    // A watch has nothing to say for a long time.
    response.flushHeaders();
    return await pipeline(flawed(audible(proxy, reply), fault, { side: "answer", ...line }), response);
  }
  // A lease names the address for the bytes: they are to come through here, too.
  const text = (await whole(reply)).toString("utf8").replaceAll(target.host, `127.0.0.1:${proxy.port}`);
  const { "content-length": _, "transfer-encoding": __, ...headers } = reply.headers;
  const bytes = Buffer.from(text);
  response.writeHead(reply.statusCode ?? 502, { ...headers, "content-length": bytes.length });
  await pipeline(flawed([bytes], fault, { side: "answer", ...line }), response);
}

async function* audible(proxy: FaultProxy, reply: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of reply) {
    await proxy.silence;
    yield chunk;
  }
}

function lineOf({
  request: { socket },
  response,
  onward,
  lines,
}: Omit<Exchange, "target" | "agent"> & { onward: ClientRequest }) {
  return {
    cut: () => {
      onward.destroy();
      if (!response.writableEnded) lines.get(socket.remotePort ?? 0)?.resetAndDestroy();
    },
    halfClose: () => socket.end(),
    refuse: (status: number) => {
      refuse(response, status);
      onward.destroy();
    },
  };
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end("the fault proxy says so\n");
}

async function whole(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
