// A download that breaks, over TLS, from the lab's image server: it goes on where that is safe, and nowhere else.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { download, type ImageSource } from "../../../controller/ova/download.ts";
import { type Authority, createAuthority } from "../../lab/certificates.ts";
import { type ImageServer, type Serving, startImageServer } from "../../lab/image-server.ts";
import { readImage } from "./reader.ts";
import { readAll } from "./tar.ts";

const end = new AbortController();
let authority: Authority;
let mirror: ImageServer;
beforeAll(async () => {
  authority = await createAuthority("the mirror's CA");
  mirror = await startImageServer(authority, end.signal);
});
afterAll(() => end.abort());

const diskBytes = 20_000_000;
let images = 0;
function published(serving: Serving = {}) {
  images += 1;
  return mirror.publish({ release: `9.8.${images}`, diskBytes, ...serving });
}

async function read(url: string, own: Partial<ImageSource> = {}) {
  return await readImage({ url, ca: authority.certificate, ...own }, end.signal);
}

describe("goes on, and gives the same bytes", () => {
  test.each<[string, Serving]>([
    ["cut at 1 %", { cutAt: [200_000] }],
    ["cut at 50 %", { cutAt: [10_000_000] }],
    ["cut at 99 %", { cutAt: [19_800_000] }],
    ["stalled at 50 %", { stallAt: [10_000_000] }],
  ])("%s", async (_, serving) => {
    const { url, sha256, size } = published(serving);
    const before = mirror.sent();
    const { resumes, ...got } = await read(url, { stallMilliseconds: 900 });
    expect(got).toEqual({ sha256, bytes: size });
    const at = [serving.cutAt, serving.stallAt].flat().filter((offset) => offset !== undefined);
    expect(resumes).toHaveLength(1);
    expect(resumes[0]).toBeLessThanOrEqual(at[0] ?? 0);
    expect(mirror.sent().requests - before.requests).toBe(2);
    expect(mirror.sent().bytes - before.bytes).toBe(size + (at[0] ?? 0) - (resumes[0] ?? 0));
  });

  test("cut many times, as long as it gets on between them", async () => {
    const cutAt = Array.from({ length: 12 }, (_, index) => 9_000_000 * (index + 1));
    const { url, sha256 } = mirror.publish({ release: "9.8-long", diskBytes: 120_000_000, cutAt });
    const got = await read(url);
    expect(got.sha256).toBe(sha256);
    expect(got.resumes).toHaveLength(12);
  });

  test("cut before the head: as a first request", async () => {
    const { url, sha256 } = published({ cutAt: [0] });
    expect(await read(url)).toMatchObject({ sha256, resumes: [] });
  });

  test("after a server that was busy", async () => {
    const { url, sha256 } = published({ unavailable: 2 });
    expect((await read(url)).sha256).toBe(sha256);
  });
});

describe("ends", () => {
  test.each<[string, Serving, [string, RegExp]]>([
    ["replaced meanwhile", { cutAt: [5_000_000], replaced: true }, ["ImageChanged", /was replaced/]],
    ["no ranges", { cutAt: [5_000_000], wholeOnly: true }, ["DownloadFailed", /rest of an image alone/]],
    ["no validator", { cutAt: [5_000_000], noValidator: true }, ["DownloadFailed", / \d+ of \d+ bytes had arrived/]],
    ["busy for good", { unavailable: Infinity }, ["DownloadFailed", /answers 503/]],
    ["cut again and again without getting on", { cutAt: Array(40).fill(5_000_000) }, ["DownloadFailed", /had arrived/]],
  ])("%s", async (_, serving, [reason, message]) => {
    const { url } = published(serving);
    await expect(read(url)).rejects.toMatchObject({
      name: "OvaError",
      reason,
      message: expect.stringMatching(message),
    });
  });

  test("at once when the caller wants no more, though it waits to try again", async () => {
    const { url } = published({ cutAt: [5_000_000] });
    const stop = new AbortController();
    const source = { url, ca: authority.certificate, stallMilliseconds: 3_600_000, retryMilliseconds: 1_800_000 };
    const got = await download(source, stop.signal);
    const reading = readAll(got.body);
    setTimeout(() => stop.abort(), 200);
    await expect(reading).rejects.toMatchObject({ reason: "Interrupted" });
  });
});
