// The rest of an image from servers that break off: asked for only with a strong validator, taken only where it fits.
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { createAuthority } from "../../lab/certificates.ts";
import { readImage } from "./reader.ts";
import { sha256 } from "./tar.ts";

const authority = await createAuthority("the mirror's CA");

async function read(url: string) {
  return await readImage({ url, ca: authority.certificate }, new AbortController().signal);
}

const image = Buffer.alloc(1_000_000, "image");
const etag = '"one"';

/** A server over TLS; resolves with the image's URL. */
async function serving(listener: RequestListener): Promise<string> {
  const { certificate, key } = await authority.issue("mirror");
  const server = createServer({ cert: certificate, key }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close().closeAllConnections();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/image.ova`;
}

/** A server that gives half of the image, then whatever `second` says to the request for the rest. */
async function halfway(first: Record<string, string>, second: RequestListener): Promise<string> {
  let requests = 0;
  return await serving((request, response) => {
    requests += 1;
    if (requests > 1) {
      second(request, response);
      return;
    }
    response.writeHead(200, { "content-length": image.length, ...first });
    response.write(image.subarray(0, 500_000), () => response.destroy());
  });
}

/** The honest rest, with other headers. */
function rest(headers: Record<string, string> = {}): RequestListener {
  return (request, response) => {
    const from = Number(/\d+/.exec(request.headers.range ?? "")?.[0]);
    const range = `bytes ${from}-${image.length - 1}/${image.length}`;
    response.writeHead(206, { etag, "content-range": range, ...headers }).end(image.subarray(from));
  };
}

describe("the rest", () => {
  test.each<[string, Record<string, string>]>([
    ["a strong ETag", { etag }],
    ["a Last-Modified that is old", { "last-modified": "Wed, 18 Nov 2020 08:00:00 GMT" }],
  ])("is asked for with %s", async (_, first) => {
    const asked = Promise.withResolvers<unknown>();
    const url = await halfway(first, (request, response) => {
      asked.resolve([request.headers.range, request.headers["if-range"], request.headers["accept-encoding"]]);
      rest()(request, response);
    });
    const { sha256: got, resumes } = await read(url);
    expect(got).toBe(sha256(image));
    expect(await asked.promise).toEqual([`bytes=${resumes[0]}-`, Object.values(first)[0], "identity"]);
  });

  test.each<[string, Record<string, string>]>([
    ["a weak ETag", { etag: 'W/"one"' }],
    ["a weak ETag beside a Last-Modified", { etag: 'W/"one"', "last-modified": "Wed, 18 Nov 2020 08:00:00 GMT" }],
    ["an ETag without quotes", { etag: "one" }],
    ["a Last-Modified of just now", { "last-modified": new Date().toUTCString() }],
    ["a server that says that it has no ranges", { etag, "accept-ranges": "none" }],
    ["nothing", {}],
  ])("is not asked for with %s", async (_, first) => {
    let asked = 0;
    const url = await halfway(first, (request, response) => {
      asked += 1;
      rest()(request, response);
    });
    await expect(read(url)).rejects.toThrow(/\d+ of 1000000 bytes had arrived/);
    expect(asked).toBe(0);
  });

  test.each<[string, RequestListener, string]>([
    ["of another ETag", rest({ etag: '"two"' }), "ImageChanged"],
    ["of another total", rest({ "content-range": "bytes 500000-999998/999999" }), "ImageChanged"],
    ["from another byte", rest({ "content-range": "bytes 499999-999999/1000000" }), "DownloadFailed"],
    ["to another byte", rest({ "content-range": "bytes 500000-999998/1000000" }), "DownloadFailed"],
    ["of an unknown total", rest({ "content-range": "bytes 500000-999999/*" }), "DownloadFailed"],
    ["in other units", rest({ "content-range": "grains 500000-999999/1000000" }), "DownloadFailed"],
    ["compressed", rest({ "content-encoding": "gzip" }), "DownloadFailed"],
    ["refused", (_, response) => response.writeHead(403).end(), "DownloadFailed"],
    ["gone", (_, response) => response.writeHead(404).end(), "DownloadFailed"],
    ["out of range", (_, response) => response.writeHead(416).end(), "DownloadFailed"],
    ["in place of which is the whole", (_, response) => response.writeHead(200, { etag }).end(image), "DownloadFailed"],
    [
      "in place of which is another whole",
      (_, response) => response.writeHead(200, { etag: '"two"' }).end(image),
      "ImageChanged",
    ],
    [
      "in place of which is a whole of nothing known",
      (_, response) => response.writeHead(200).end(image),
      "ImageChanged",
    ],
  ])("is not taken %s", async (_, second, reason) => {
    let asked = 0;
    const url = await halfway({ etag }, (request, response) => {
      asked += 1;
      second(request, response);
    });
    await expect(read(url)).rejects.toMatchObject({ reason });
    expect(asked).toBe(1);
  });

  test("longer than it says is not taken", async () => {
    const url = await halfway({ etag }, (request, response) => {
      const from = Number(/\d+/.exec(request.headers.range ?? "")?.[0]);
      const range = `bytes ${from}-999999/1000000`;
      response.writeHead(206, { etag, "content-range": range });
      response.write(image.subarray(from));
      response.end(image);
    });
    await expect(read(url)).rejects.toThrow(/sends more/);
  });

  test("that is shorter than it says is asked for again", async () => {
    let requests = 0;
    const url = await halfway({ etag }, (request, response) => {
      requests += 1;
      if (requests > 1) return rest()(request, response);
      const from = Number(/\d+/.exec(request.headers.range ?? "")?.[0]);
      response.writeHead(206, { etag, "content-range": `bytes ${from}-999999/1000000` });
      response.end(image.subarray(from, from + 1000));
    });
    expect(await read(url)).toMatchObject({ sha256: sha256(image), bytes: image.length });
  });

  test("is not taken over a plain connection", async () => {
    const url = await halfway({ etag }, (_, response) => {
      response.writeHead(302, { location: "http://127.0.0.1:1/image.ova" }).end();
    });
    await expect(read(url)).rejects.toThrow(/from https: to http:/);
  });

  test("is found where the URL leads to by now", async () => {
    const moved = await serving(rest());
    const url = await halfway({ etag }, (_, response) => response.writeHead(307, { location: moved }).end());
    expect(await read(url)).toMatchObject({ sha256: sha256(image), bytes: image.length });
  });
});
