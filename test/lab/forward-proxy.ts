// The forward proxy of the lab: tunnels (CONNECT) and plain requests, for hosts that only it can find, with or without a password.
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect } from "node:net";
import type { Duplex } from "node:stream";

export interface ForwardProxy {
  /** host:port */
  address: string;
  /** Its URL, with the account. */
  url: string;
  /** What was asked for, such as `CONNECT mirror.example:443` and `GET http://mirror.example/x`. */
  seen: string[];
  /** Connections that are open. */
  open: () => number;
}

export interface ForwardProxyOptions {
  /** Port on loopback by host name: nobody else knows the name. */
  hosts: Record<string, number>;
  /** `user:password` */
  account?: string;
  /** Takes connections and says nothing. */
  silent?: boolean;
  /** PEM; it then speaks TLS itself. */
  tls?: { certificate: string; key: string };
}

/** Starts the proxy on loopback; it ends with the signal. */
export async function startForwardProxy(options: ForwardProxyOptions, signal: AbortSignal): Promise<ForwardProxy> {
  const seen: string[] = [];
  const listener = (incoming: IncomingMessage, response: ServerResponse) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    if (isWelcome(options, incoming)) forward(options, incoming, response);
    else if (!options.silent) response.writeHead(407, { "proxy-authenticate": "Basic" }).end();
  };
  const { tls, account } = options;
  const server = tls ? createTlsServer({ cert: tls.certificate, key: tls.key }, listener) : createServer(listener);
  server.on("connect", (incoming: IncomingMessage, client: Duplex) => {
    seen.push(`CONNECT ${incoming.url}`);
    client.on("error", () => client.destroy());
    // Unread, its end would never be seen; and Node leaves the other half open.
    if (options.silent) client.resume().once("end", () => client.destroy());
    if (isWelcome(options, incoming)) tunnel(options, incoming.url ?? "", client);
    else if (!options.silent)
      client.end("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const sockets = new Set<Duplex>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const end = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  signal.addEventListener("abort", end, { once: true });
  const bound = server.address();
  const address = `127.0.0.1:${typeof bound === "object" ? bound?.port : 0}`;
  const url = `${tls ? "https" : "http"}://${account === undefined ? "" : `${account}@`}${address}`;
  return { address, url, seen, open: () => sockets.size };
}

function isWelcome({ account, silent }: ForwardProxyOptions, { headers }: IncomingMessage): boolean {
  if (silent) return false;
  const expected = account === undefined ? undefined : `Basic ${Buffer.from(account).toString("base64")}`;
  return headers["proxy-authorization"] === expected;
}

function tunnel({ hosts }: ForwardProxyOptions, target: string, client: Duplex): void {
  const port = hosts[target.replace(/:\d+$/, "")];
  if (port === undefined) {
    client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    return;
  }
  const upstream = connect(port, "127.0.0.1", () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    upstream.pipe(client).pipe(upstream);
  });
  upstream.on("error", () => client.destroy());
  upstream.once("close", () => client.destroy());
  client.once("close", () => upstream.destroy());
}

function forward({ hosts }: ForwardProxyOptions, incoming: IncomingMessage, response: ServerResponse): void {
  const url = new URL(incoming.url ?? "");
  const onward = { host: "127.0.0.1", port: hosts[url.hostname], path: url.pathname + url.search };
  const { "proxy-authorization": _, ...headers } = incoming.headers;
  const outgoing = request({ ...onward, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on("error", () => response.destroy());
  outgoing.end();
}
