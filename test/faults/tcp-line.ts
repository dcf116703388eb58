// The TCP line before a server: passes bytes on, until it swallows them, as a router does that has lost its tables: no end, no reset, no word.
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { freePort } from "../lab/free-port.ts";

export interface TcpLine {
  port: number;
  /** The connections that are open now say nothing any more, for good. New ones work. */
  swallow: () => void;
  /** Whether new connections, too, are taken and never answered. */
  dead: (dead: boolean) => void;
  /** Cuts every connection that is open. */
  cut: () => void;
}

/** To a port of this machine; it ends with the signal. */
export async function startTcpLine(target: number, signal: AbortSignal): Promise<TcpLine> {
  const open = new Set<[Socket, Socket]>();
  let isDead = false;
  const server = createServer((client) => {
    const onward = connect(target, "127.0.0.1");
    const pair: [Socket, Socket] = [client, onward];
    open.add(pair);
    for (const [one, other] of [pair, pair.toReversed()] as [Socket, Socket][]) {
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(pair);
        other.destroy();
      });
    }
    if (isDead) return silence(pair);
    client.pipe(onward);
    onward.pipe(client);
  });
  const port = await freePort();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    for (const pair of open) for (const socket of pair) socket.destroy();
  };
  signal.addEventListener("abort", () => {
    server.close();
    cut();
  });
  return {
    port,
    swallow: () => open.forEach(silence),
    dead: (dead) => {
      isDead = dead;
    },
    cut,
  };
}

/** What comes is read and dropped, so that nobody's kernel notices. */
function silence([client, onward]: [Socket, Socket]): void {
  client.unpipe(onward);
  onward.unpipe(client);
  client.resume();
  onward.resume();
}
