// The byte server of tests: over TCP and TLS it says, byte by byte, what a test has it say.
import { createHash } from "node:crypto";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { type Authority, createAuthority } from "../../lab/certificates.ts";

/** What is said to whoever asks for a path; `request` is the head of what was asked. */
export type Answers = Record<string, (socket: Socket, request: string) => Promise<void>>;

export interface ByteServer {
  authority: Authority;
  origins: Record<"http" | "https", string>;
  /** Has another server listen until the end, and gives its port. */
  listening: (server: Server) => Promise<number>;
  close: () => void;
}

export async function startByteServer(answers: Answers): Promise<ByteServer> {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const listening = async (server: Server) => {
    servers.push(server.on("connection", (socket: Socket) => sockets.add(socket.on("error", () => undefined))));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  };
  const serve = (socket: Socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (request) => {
      const path = decodeURIComponent(/^GET \/(\S*)/.exec(String(request))?.[1] ?? "");
      void answers[path]?.(socket, String(request));
    });
  };
  const authority = await createAuthority("the mirror's CA");
  const { certificate, key } = await authority.issue("mirror");
  const origins = {
    http: `http://127.0.0.1:${await listening(createServer(serve))}`,
    https: `https://127.0.0.1:${await listening(createTlsServer({ cert: certificate, key }, serve))}`,
  };
  const close = () => {
    for (const server of servers) server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { authority, origins, listening, close };
}

export async function send(socket: Socket, data: Buffer): Promise<void> {
  await new Promise<void>((resolve) => socket.write(data, () => resolve()));
}

/** The sha256 of a body, as a reader has it who `rest`s after each block before he reads it. */
export async function digestOf(
  body: AsyncIterable<Buffer>,
  rest: (blocks: number) => Promise<void> = async () => undefined,
): Promise<string> {
  const hash = createHash("sha256");
  let blocks = 0;
  for await (const block of body) {
    blocks += 1;
    await rest(blocks);
    hash.update(block);
  }
  return hash.digest("hex");
}
