import { createServer, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { download, type ImageSource } from "../../../controller/ova/download.ts";
import { type Authority, createAuthority } from "../../lab/certificates.ts";
import { readAll } from "./tar.ts";

const bytes = Buffer.alloc(1_000_000, "image");
const never = new AbortController().signal;

const pages: Record<string, RequestListener> = {
  "/image.ova": (_, response) => response.writeHead(200, { "content-length": bytes.length }).end(bytes),
  "/chunked": (_, response) => response.writeHead(200).end(bytes),
  "/moved": (_, response) => response.writeHead(302, { location: "/image.ova" }).end(),
  "/loop": (_, response) => response.writeHead(302, { location: "/loop" }).end(),
  "/forbidden": (_, response) => response.writeHead(403).end("no"),
  "/silent": () => undefined,
  "/stalls": (_, response) =>
    response.writeHead(200, { "content-length": bytes.length }).write(bytes.subarray(0, 1000)),
  "/dribbles": (_, response) => dribble(response.writeHead(200)),
  "/moved-dribbling": (_, response) => dribble(response.writeHead(302, { location: "/image.ova" })),
  "/breaks": (_, response) => {
    response.writeHead(200, { "content-length": bytes.length });
    response.write(bytes.subarray(0, 1000), () => response.destroy());
  },
};
function dribble(response: ServerResponse): void {
  const timer = setInterval(() => response.write("x"), 20);
  response.once("close", () => clearInterval(timer));
}
const listener: RequestListener = (request, response) => {
  const page = pages[request.url?.split("?")[0] ?? ""];
  if (page === undefined) response.writeHead(404).end();
  else page(request, response);
};

const server = createServer(listener);
let base = "";
beforeAll(async () => {
  base = await listening(server);
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

describe("an image over HTTP", () => {
  test.each([
    ["/image.ova", bytes.length],
    ["/chunked", null],
    ["/moved", bytes.length],
    ["/moved-dribbling", bytes.length],
  ])("%s", async (path, length) => {
    const got = await download({ url: base + path }, never);
    expect(got.bytes).toBe(length);
    expect((await readAll(got.body)).equals(bytes)).toBe(true);
  });

  test.each([
    ["/nothing", /answers 404/],
    ["/forbidden", /answers 403/],
    ["/loop", /redirect/i],
    ["/silent", /fell silent/],
    ["/stalls", /fell silent.* 1000 of 1000000 bytes/],
    ["/breaks", /1000 of 1000000 bytes/],
  ])("%s fails", async (path, message) => {
    await expect(fetchAll(base + path)).rejects.toMatchObject({
      name: "OvaError",
      reason: "DownloadFailed",
      message: expect.stringMatching(message),
    });
  });

  test("a server that dribbles does not hold us", async () => {
    const pace = { bytesPerSecond: 64 << 10, milliseconds: 300 };
    await expect(fetchAll(`${base}/dribbles`, { stallMilliseconds: 30_000, pace })).rejects.toMatchObject({
      reason: "DownloadFailed",
      message: expect.stringMatching(/sends too slowly.* \d+ bytes/),
    });
  });

  test("nobody listens", async () => {
    await expect(fetchAll("http://127.0.0.1:1/x")).rejects.toMatchObject({ reason: "DownloadFailed" });
  });

  test.each(["ftp://host/x", "file:///etc/passwd", "rubbish"])("%s is no source", async (url) => {
    await expect(fetchAll(url)).rejects.toMatchObject({ reason: "DownloadFailed" });
  });

  test("no secret of the URL is in the error", async () => {
    const url = `${base.replace("//", "//admin:hunter2@")}/nothing?signature=s3cret`;
    const thrown = await fetchAll(url).catch((error: unknown) => error);
    const text = JSON.stringify(thrown, Object.getOwnPropertyNames(thrown)) + String(thrown);
    expect(text).toContain("/nothing");
    expect(text).not.toMatch(/hunter2|s3cret/);
  });

  test("the caller's signal ends it", async () => {
    const stop = new AbortController();
    const got = await download({ url: `${base}/stalls` }, stop.signal);
    const reading = readAll(got.body);
    stop.abort();
    await expect(reading).rejects.toMatchObject({ reason: "Interrupted" });
  });

  test("leaving early closes the connection", async () => {
    const got = await download({ url: `${base}/stalls` }, never);
    const closed = new Promise((resolve) => server.once("request", (request) => request.once("close", resolve)));
    const other = await download({ url: `${base}/stalls` }, never);
    for await (const _ of other.body) break;
    await closed;
    for await (const _ of got.body) break;
  });
});

describe("an image over HTTPS", () => {
  let authority: Authority;
  let url = "";
  beforeAll(async () => {
    authority = await createAuthority("the mirror's CA");
    const { certificate, key } = await authority.issue("mirror");
    const secure = createTlsServer({ cert: certificate, key }, listener);
    url = `${(await listening(secure)).replace("http:", "https:")}/image.ova`;
    return () => secure.close().closeAllConnections();
  });

  test("with the CA", async () => {
    const got = await download({ url, ca: authority.certificate }, never);
    expect((await readAll(got.body)).length).toBe(bytes.length);
  });

  test("without a CA, or with another", async () => {
    const other = await createAuthority("another CA");
    for (const ca of [undefined, other.certificate]) {
      await expect(download({ url, ca }, never)).rejects.toMatchObject({
        reason: "DownloadFailed",
        message: expect.stringMatching(/certificate/),
      });
    }
  });
});

async function fetchAll(url: string, own: Partial<ImageSource> = {}): Promise<Buffer> {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  return await readAll((await download({ url, stallMilliseconds: 300, ...own }, stop.signal)).body);
}

async function listening(http: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}): Promise<string> {
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}
