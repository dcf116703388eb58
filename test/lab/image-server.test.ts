// The mirror of the lab: what it answers, and that its faults come when they are asked for, once.

import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAuthority } from "./certificates.ts";
import { faultyServing } from "./faults.ts";
import { imageAnswer } from "./image-answer.ts";
import { type ImageServer, startImageServer } from "./image-server.ts";

const image = { size: 1000, version: "v" };
const rest = { "content-range": "bytes 400-999/1000", "content-length": 600 };

describe("the answer to", () => {
  test.each([
    ["a plain request", {}, {}, { status: 200, from: 0, headers: { etag: '"v"', "content-length": 1000 } }],
    ["a range", { range: "bytes=400-" }, {}, { status: 206, from: 400, headers: rest }],
    ["a range of this image", { range: "bytes=400-", "if-range": '"v"' }, {}, { status: 206, headers: rest }],
    ["a range of another", { range: "bytes=400-", "if-range": '"w"' }, {}, { status: 200, from: 0 }],
    ["a range where there are none", { range: "bytes=400-" }, { wholeOnly: true }, { status: 200, from: 0 }],
    ["a range behind the end", { range: "bytes=1000-" }, {}, { status: 416 }],
  ])("%s", (...[, headers, own, expected]) => {
    expect(imageAnswer(headers, { ...image, ...own })).toMatchObject(expected);
  });
});

test("faults come in the order of the bytes, each once", () => {
  const faults = faultyServing({ cutAt: [500, 100], stallAt: [300], unavailable: 1 });
  expect([faults.busy(), faults.busy()]).toEqual([true, false]);
  const next = [0, 100, 300, 0].map((from) => faults.next(from)?.at);
  expect(next).toEqual([100, 300, 500, undefined]);
});

describe("over TLS", () => {
  const end = new AbortController();
  let mirror: ImageServer;
  let dispatcher: Agent;
  beforeAll(async () => {
    const authority = await createAuthority("the mirror's CA");
    mirror = await startImageServer(authority, end.signal);
    dispatcher = new Agent({ connect: { ca: authority.certificate } });
  });
  afterAll(async () => {
    await dispatcher.destroy();
    end.abort();
  });

  const get = async (url: string, headers = {}) => {
    const { body } = await request(url, { dispatcher, headers });
    return Buffer.from(await body.arrayBuffer());
  };

  test("any rest is the end of the whole", async () => {
    const { url, size } = mirror.publish({ release: "9.8", diskBytes: 5_000_000 });
    const whole = await get(url);
    expect(whole.length).toBe(size);
    for (const from of [1, 600, 20_000, 2_500_000, size - 1500, size - 1]) {
      expect((await get(url, { range: `bytes=${from}-` })).equals(whole.subarray(from))).toBe(true);
    }
  });

  test("a rate delays, and changes nothing", async () => {
    const options = { release: "9.9", diskBytes: 3_000_000 };
    const [plain, slow] = [mirror.publish(options), mirror.publish({ ...options, path: "/slow", rate: 30e6 })];
    expect((await get(slow.url)).equals(await get(plain.url))).toBe(true);
  });
});
