// Against servers that say their bytes themselves: nothing of what is read into blocks, or past them, must be mixed up.
import { createHash, randomBytes } from "node:crypto";
import { createSecureServer } from "node:http2";
import { createServer, type Socket } from "node:net";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sharedBlocks } from "../../../common/shared-blocks.ts";
import { download } from "../../../controller/ova/download.ts";
import { requestImage } from "../../../controller/ova/image-request.ts";
import { type Answers, type ByteServer, digestOf, send, startByteServer } from "./byte-server.ts";

const never = new AbortController().signal;
const bytes = randomBytes(40_000_000);
const sha256 = createHash("sha256").update(bytes).digest("hex");

const answers: Answers = {
  length: async (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n`);
    await send(socket, bytes);
  },
  "large chunks": (socket) => sendChunks(socket, 777_777),
  "small chunks": (socket) => sendChunks(socket, 5_003),
  "end of connection": async (socket) => {
    socket.write("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
    await send(socket, bytes);
    socket.end();
  },
};

async function sendChunks(socket: Socket, size: number): Promise<void> {
  socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
  for (let at = 0; at < bytes.length; ) {
    const parts: Buffer[] = [];
    for (const end = at + 1_000_000; at < Math.min(end, bytes.length); at += size) {
      const chunk = bytes.subarray(at, at + size);
      parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n"));
    }
    await send(socket, Buffer.concat(parts));
  }
  socket.write("0\r\n\r\n");
}

let byteServer: ByteServer;
beforeAll(async () => {
  byteServer = await startByteServer(answers);
});
afterAll(() => byteServer?.close());

describe.each(["http", "https"] as const)("over %s:", (protocol) => {
  test.each(Object.keys(answers))("a body that ends by its %s arrives as it was sent", async (path) => {
    const url = `${byteServer.origins[protocol]}/${encodeURIComponent(path)}`;
    const { body } = await download({ url, ca: byteServer.authority.certificate }, never);
    expect(await digestOf(body)).toBe(sha256);
  });

  test.each(Object.keys(answers))("and by its %s for a reader that rests, too", async (path) => {
    const url = `${byteServer.origins[protocol]}/${encodeURIComponent(path)}`;
    const { body } = await download({ url, ca: byteServer.authority.certificate }, never);
    expect(await digestOf(body, async (blocks) => await sleep(blocks % 5 === 0 ? 30 : 0))).toBe(sha256);
  });

  test.each(Object.keys(answers))("and by its %s in small blocks for a reader that rests often", async (path) => {
    const url = new URL(`${byteServer.origins[protocol]}/${encodeURIComponent(path)}`);
    const request = { url, headers: {}, ca: byteServer.authority.certificate };
    const blocks = sharedBlocks({ blockBytes: 13_000 });
    const answer = await requestImage({ ...request, blocks, signal: never });
    let most = 0;
    const rest = async () => {
      await setImmediate();
      most = Math.max(most, blocks.held());
    };
    expect(await digestOf(answer.content.body, rest)).toBe(sha256);
    // Of what has been read already when the sender is stopped.
    expect(most).toBeLessThan(12 + 10);
    await answer.close();
  });

  test("a head that comes in pieces is read right", async () => {
    const values = Array.from({ length: 20 }, (_, index) => `value-${index}-${"x".repeat(index * 20)}`);
    const head = values.map((value, index) => `x-${index}: ${value}\r\n`).join("");
    answers.pieces = async (socket) => {
      socket.setNoDelay(true);
      const text = `HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n${head}content-length: 5\r\n\r\nimage`;
      for (let at = 0; at < text.length; at += 61) {
        await send(socket, Buffer.from(text.slice(at, at + 61)));
        await sleep(1);
      }
    };
    const request = {
      url: new URL(`${byteServer.origins[protocol]}/pieces`),
      headers: {},
      ca: byteServer.authority.certificate,
    };
    const answer = await requestImage({ ...request, blocks: sharedBlocks(), signal: never });
    expect(answer.status).toBe(200);
    expect(values.map((_, index) => answer.headers.get(`x-${index}`))).toEqual(values);
    let text = "";
    for await (const block of answer.content.body) text += String(block);
    expect(text).toBe("image");
    await answer.close();
    delete answers.pieces;
  });
});

test("a server that speaks before it was asked is refused at once", async () => {
  const mail = createServer((socket) => {
    socket.write("220 mail\r\n");
  });
  const port = await byteServer.listening(mail);
  const url = `http://127.0.0.1:${port}/`;
  const got = download({ url, retryMilliseconds: 1, stallMilliseconds: 20_000 }, never);
  await expect(got).rejects.toMatchObject({ reason: "DownloadFailed", message: expect.not.stringContaining("silent") });
});

test("a server of HTTP/2 is asked by HTTP/1.1", async () => {
  const { certificate, key } = await byteServer.authority.issue("mirror-2");
  const versions: string[] = [];
  const server = createSecureServer({ cert: certificate, key, allowHTTP1: true }, (request, response) => {
    versions.push(request.httpVersion);
    response.end("image");
  });
  const url = `https://127.0.0.1:${await byteServer.listening(server)}/`;
  const { body } = await download({ url, ca: byteServer.authority.certificate }, never);
  let text = "";
  for await (const block of body) text += String(block);
  expect([text, versions]).toEqual(["image", ["1.1"]]);
});
