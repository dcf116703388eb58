import { once } from "node:events";
import { request } from "node:https";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { agentOf } from "../../../controller/vsphere/trust.ts";

const pinned = { thumbprint: "AA:BB" };
const server = createServer();
let accepted: Promise<Socket>;
let port = 0;
beforeEach(async () => {
  accepted = once(server, "connection").then(([socket]) => socket);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  (await accepted).destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** Asks the server; resolves with what went wrong. */
async function failureOver(agent: ReturnType<typeof agentOf>): Promise<unknown> {
  const [error] = await once(request({ host: "127.0.0.1", port, agent }).end(), "error").catch((thrown) => [thrown]);
  return error;
}

describe("a pinned connection to a server that never answers the handshake", () => {
  test("is closed in time", async () => {
    const agent = agentOf(pinned, 50);
    expect(await failureOver(agent)).toMatchObject({
      code: "ETIMEDOUT",
      message: expect.stringContaining("handshake"),
    });
    await closed(await accepted);
    agent.destroy();
  });

  test("is closed with its agent", async () => {
    const agent = agentOf(pinned);
    const failure = failureOver(agent);
    const socket = await accepted;
    agent.destroy();
    await closed(socket);
    expect(await failure).toMatchObject({ message: expect.stringContaining("handshake") });
  });
});

async function closed(socket: Socket): Promise<void> {
  socket.on("error", () => undefined).resume();
  if (!socket.closed) await once(socket, "close");
}
