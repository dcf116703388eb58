// Connections that break, end too early, or say too much: what is missing is asked for again, and nothing else comes into the image.
import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sharedBlocks } from "../../../common/shared-blocks.ts";
import { download } from "../../../controller/ova/download.ts";
import { requestImage } from "../../../controller/ova/image-request.ts";
import { type Answers, type ByteServer, digestOf, send, startByteServer } from "./byte-server.ts";

const never = new AbortController().signal;
const bytes = randomBytes(40_000_000);
const sha256 = createHash("sha256").update(bytes).digest("hex");
const answers: Answers = {};

let byteServer: ByteServer;
beforeAll(async () => {
  byteServer = await startByteServer(answers);
});
afterAll(() => byteServer?.close());

describe.each(["http", "https"] as const)("over %s: a connection", (protocol) => {
  test.each(["close", "keep-alive"])("(%s) that ends in the middle is followed by another", async (connection) => {
    const half = 12_345_678;
    const ranges: string[] = [];
    answers.half = async (socket, request) => {
      const range = /^range: bytes=(\d+)-\r$/m.exec(request)?.[1];
      ranges.push(range ?? "whole");
      const head = `etag: "x"\r\nconnection: ${connection}\r\n`;
      if (range === undefined) {
        socket.write(`HTTP/1.1 200 OK\r\n${head}content-length: ${bytes.length}\r\n\r\n`);
        await send(socket, bytes.subarray(0, half));
        socket.end();
        return;
      }
      const rest = bytes.subarray(Number(range));
      const content = `content-range: bytes ${range}-${bytes.length - 1}/${bytes.length}\r\ncontent-length: ${rest.length}\r\n`;
      socket.write(`HTTP/1.1 206 Partial Content\r\n${head}${content}\r\n`);
      await send(socket, rest);
    };
    const source = {
      url: `${byteServer.origins[protocol]}/half`,
      ca: byteServer.authority.certificate,
      retryMilliseconds: 1,
    };
    const { body } = await download(source, never);
    expect(await digestOf(body)).toBe(sha256);
    expect(ranges).toEqual(["whole", String(half)]);
  });

  test("that breaks again and again behind a redirect leaves no block held", async () => {
    let asked = 0;
    answers.moved = async (socket) => {
      socket.write("HTTP/1.1 302 Found\r\nlocation: /breaking\r\ncontent-length: 100\r\n\r\nmoved");
    };
    answers.breaking = async (socket, request) => {
      asked += 1;
      const from = Number(/^range: bytes=(\d+)-\r$/m.exec(request)?.[1] ?? 0);
      const status = from === 0 ? "200 OK" : "206 Partial Content";
      const range = from === 0 ? "" : `content-range: bytes ${from}-${bytes.length - 1}/${bytes.length}\r\n`;
      socket.write(`HTTP/1.1 ${status}\r\netag: "x"\r\n${range}content-length: ${bytes.length - from}\r\n\r\n`);
      await send(socket, bytes.subarray(from, from + 9_000_000));
      socket.end();
    };
    const blocks = sharedBlocks();
    const source = {
      url: `${byteServer.origins[protocol]}/moved`,
      ca: byteServer.authority.certificate,
      retryMilliseconds: 1,
    };
    const { body } = await download(source, never, blocks);
    expect(await digestOf(body)).toBe(sha256);
    expect(asked).toBe(5);
    expect(blocks.held()).toBe(0);
  });

  test("that ends right behind the last chunk loses nothing for a reader that rests", async () => {
    const image = bytes.subarray(0, 400_000);
    answers.ends = async (socket) => {
      const parts = [Buffer.from("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")];
      for (let at = 0; at < image.length; at += 5_003) {
        const chunk = image.subarray(at, at + 5_003);
        parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n"));
      }
      socket.end(Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]));
    };
    const expected = createHash("sha256").update(image).digest("hex");
    for (let n = 0; n < 10; n += 1) {
      const request = {
        url: new URL(`${byteServer.origins[protocol]}/ends`),
        headers: {},
        ca: byteServer.authority.certificate,
      };
      const answer = await requestImage({ ...request, blocks: sharedBlocks({ blockBytes: 2_000 }), signal: never });
      expect(await digestOf(answer.content.body, async (blocks) => await sleep(blocks % 7 === n % 7 ? 1 : 0))).toBe(
        expected,
      );
      await answer.close();
    }
  });

  test("that says two lengths is refused", async () => {
    answers.both = async (socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n5\r\nimage\r\n0\r\n\r\n");
    };
    const source = {
      url: `${byteServer.origins[protocol]}/both`,
      ca: byteServer.authority.certificate,
      retryMilliseconds: 1,
    };
    await expect(download(source, never)).rejects.toMatchObject({ reason: "DownloadFailed" });
  });

  test("that says more than it announced adds nothing to the image", async () => {
    answers.more = async (socket) => {
      const text = `HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n`;
      await send(socket, Buffer.concat([Buffer.from(text), bytes, randomBytes(1_000_000)]));
    };
    const { body } = await download(
      { url: `${byteServer.origins[protocol]}/more`, ca: byteServer.authority.certificate },
      never,
    );
    expect(await digestOf(body)).toBe(sha256);
  });
});
