// A download through real proxies: the image's host has a name that only the proxy knows.
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ImageSource } from "../../../controller/ova/download.ts";
import { type Authority, createAuthority } from "../../lab/certificates.ts";
import { type ForwardProxy, startForwardProxy } from "../../lab/forward-proxy.ts";
import { type ImageServer, startImageServer } from "../../lab/image-server.ts";
import { readImage } from "./reader.ts";

const end = new AbortController();
const account = "proxy-user:hunter2";
let authority: Authority;
let mirror: ImageServer;
let open: ForwardProxy;
let guarded: ForwardProxy;
let silent: ForwardProxy;
let hosts: Record<string, number>;

beforeAll(async () => {
  authority = await createAuthority("the mirror's CA");
  mirror = await startImageServer(authority, end.signal, ["mirror.example"]);
  const plain = createServer(pages).listen(0, "127.0.0.1");
  await once(plain, "listening");
  const port = Number(new URL(mirror.origin).port);
  hosts = { "mirror.example": port, "other.example": port, "plain.example": (plain.address() as AddressInfo).port };
  [open, guarded, silent] = await Promise.all([
    startForwardProxy({ hosts }, end.signal),
    startForwardProxy({ hosts, account }, end.signal),
    startForwardProxy({ hosts, silent: true }, end.signal),
  ]);
  end.signal.addEventListener("abort", () => plain.close().closeAllConnections());
});
afterAll(() => end.abort());

const pages: RequestListener = (request, response) => {
  if (request.url === "/image") response.end("plain image");
  else response.writeHead(302, { location: published({}).direct }).end();
};

let images = 0;
function published(serving: { cutAt?: number[] }) {
  images += 1;
  const { url, sha256 } = mirror.publish({ release: `9.8.${images}`, diskBytes: 3_000_000, ...serving });
  return { direct: url, url: url.replace(mirror.origin, "https://mirror.example"), sha256 };
}

async function read(url: string, own: Partial<ImageSource> = {}) {
  return await readImage({ url, ca: authority.certificate, ...own }, end.signal);
}

describe("an image at https:", () => {
  test("comes through the tunnel, and goes on through it", async () => {
    const { url, sha256 } = published({ cutAt: [1_000_000] });
    const got = await read(url, { proxy: { httpsProxy: `http://${open.address}`, httpProxy: "http://127.0.0.1:1" } });
    expect(got.sha256).toBe(sha256);
    expect(got.resumes).toHaveLength(1);
    expect(open.seen).toEqual(["CONNECT mirror.example:443", "CONNECT mirror.example:443"]);
  });

  test("is verified by the name behind the proxy", async () => {
    const { url } = published({});
    const proxy = { httpsProxy: open.address };
    await expect(read(url.replace("mirror.", "other."), { proxy })).rejects.toThrow(/other.example/);
    await expect(read(url, { proxy, ca: undefined })).rejects.toThrow(/certificate/);
  });

  test("comes through a proxy with an account", async () => {
    const { url, sha256 } = published({});
    expect((await read(url, { proxy: { httpsProxy: guarded.url } })).sha256).toBe(sha256);
  });

  test("comes through a proxy that speaks TLS, with the CA that it adds", async () => {
    const other = await createAuthority("the proxy's CA");
    const secure = await startForwardProxy({ hosts, account, tls: await other.issue("proxy") }, end.signal);
    const { url, sha256 } = published({});
    const proxy = { httpsProxy: secure.url };
    expect((await read(url, { proxy, additionalCa: other.certificate })).sha256).toBe(sha256);
    await expect(read(url, { proxy })).rejects.toThrow(/certificate/);
  });
});

describe("an image at http:", () => {
  test("comes as a plain request", async () => {
    const seen = guarded.seen.length;
    const got = await read("http://plain.example/image", { proxy: { httpProxy: guarded.url } });
    expect(got.bytes).toBe("plain image".length);
    expect(guarded.seen.slice(seen)).toEqual(["GET http://plain.example/image"]);
  });

  test("that redirects to an exempt host leaves the proxy there", async () => {
    const seen = open.seen.length;
    const proxy = { httpProxy: open.url, httpsProxy: open.url };
    expect((await read("http://plain.example/moved", { proxy })).bytes).toBeGreaterThan(3_000_000);
    expect(open.seen.slice(seen)).toEqual(["GET http://plain.example/moved"]);
  });
});

test("a host that noProxy names is not looked for behind the proxy", async () => {
  const seen = open.seen.length;
  const { url } = published({});
  const proxy = { httpsProxy: open.url, noProxy: ".example" };
  await expect(read(url, { proxy })).rejects.toThrow(/mirror\.example/);
  expect(open.seen.length).toBe(seen);
});

describe("a proxy that fails is told of, without its password", () => {
  const wrong = () => guarded.url.replace("hunter2", "hunter3");
  test.each<[string, string, () => string, RegExp]>([
    ["a wrong password", "https://mirror.example/x", wrong, /407/],
    ["no password", "https://mirror.example/x", () => `http://${guarded.address}`, /407/],
    ["a wrong password, plain", "http://plain.example/image", wrong, /407/],
    ["nobody there", "https://mirror.example/x", () => `http://${account}@127.0.0.1:1`, /ECONNREFUSED/],
    ["a host that it does not find", "https://nowhere.example/x", () => guarded.url, /502/],
    ["silence", "https://mirror.example/x", () => silent.url.replace("//", `//${account}@`), /fell silent/],
    ["another protocol", "https://mirror.example/x", () => `socks5://${account}@127.0.0.1:1`, /no http: or https: URL/],
  ])("%s", async (...[, url, proxyUrl, message]) => {
    const proxy = { httpProxy: proxyUrl(), httpsProxy: proxyUrl() };
    const thrown: unknown = await read(url, { proxy, stallMilliseconds: 500 }).catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      name: "OvaError",
      reason: "DownloadFailed",
      message: expect.stringMatching(message),
    });
    expect(inspect(thrown, { depth: 10, showHidden: true })).not.toMatch(/hunter|proxy-user|cHJveHkt/);
  });
});

test("no connection to a proxy is left", async () => {
  const proxies = [open, guarded, silent];
  await expect.poll(() => proxies.map((proxy) => proxy.open())).toEqual([0, 0, 0]);
});
