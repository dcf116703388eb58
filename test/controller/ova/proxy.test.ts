import { describe, expect, test } from "vitest";
import { proxyFor } from "../../../controller/ova/proxy.ts";

const settings = { httpProxy: "http://plain:1", httpsProxy: "http://secure:2" };

describe("the proxy by scheme", () => {
  test.each<[string, Parameters<typeof proxyFor>[1], string | undefined]>([
    ["http://a.example", settings, "http://plain:1/"],
    ["https://a.example", settings, "http://secure:2/"],
    ["https://a.example", { httpProxy: "http://plain:1" }, undefined],
    ["http://a.example", { httpsProxy: "http://secure:2" }, undefined],
    ["http://a.example", {}, undefined],
    ["http://a.example", { httpProxy: "  " }, undefined],
    ["http://a.example", { httpProxy: "127.0.0.1:8080" }, "http://127.0.0.1:8080/"],
    ["http://a.example", { httpProxy: "cache.corp.example.com:1234" }, "http://cache.corp.example.com:1234/"],
    ["http://a.example", { httpProxy: "cache.corp.example.com" }, "http://cache.corp.example.com/"],
    ["http://a.example", { httpProxy: "localhost" }, "http://localhost/"],
    ["http://a.example", { httpProxy: "HTTPS://Cache.corp:3129" }, "https://cache.corp:3129/"],
    ["http://a.example", { httpProxy: "user:pass@cache.corp:1" }, "http://user:pass@cache.corp:1/"],
  ])("%s with %j: %s", (url, proxies, expected) => {
    expect(proxyFor(new URL(url), proxies)?.href).toBe(expected);
  });

  test.each(["socks5://s3cret@127.0.0.1", "foo://s3cret", "http://s3cret:99999999", "http://"])(
    "%s is none: an error, without it",
    (httpProxy) => {
      expect(() => proxyFor(new URL("http://a.example"), { httpProxy })).toThrow(
        expect.objectContaining({
          reason: "DownloadFailed",
          message: expect.not.stringContaining("s3cret"),
        }),
      );
    },
  );
});

const list = [
  "foobar.com, .barbaz.net, *.wildcard.io, 192.168.1.1, 192.168.1.2:81, 192.168.1.3:80, 10.0.0.0/30",
  "2001:db8::52:0:1, [2001:db8::52:0:2]:443, [2001:db8::52:0:3]:80, 2002:db8:a::45/64, MIXED.example, port.example:8080",
  "\u793a\u4f8b.com, :1, , [, rubbish/33, 10.0.0.0/99, 172.16.5.5/12, *.",
].join(",");

describe(`${list}`, () => {
  test.each([
    "localhost",
    "127.0.0.1",
    "127.0.0.2",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "192.168.1.1",
    "192.168.1.3",
    "10.0.0.2",
    "172.31.255.255",
    "[2001:db8::52:0:1]",
    "[2001:db8::52:0:3]",
    "[2002:db8:a::123]",
    "[::ffff:10.0.0.2]",
    "www.barbaz.net",
    "foobar.com",
    "FOOBAR.com",
    "www.foobar.com",
    "nested.wildcard.io",
    "mixed.example",
    "a.mixed.example",
    "port.example:8080",
    "www.\u793a\u4f8b.com",
    "xn--fsq092h.com",
  ])("http://%s is reached directly", (host) => {
    expect(proxyFor(new URL(`http://${host}`), { ...settings, noProxy: list })).toBeNull();
  });

  test.each([
    "[::2]",
    "192.168.1.2",
    "192.168.1.4",
    "10.0.0.4",
    "172.32.0.0",
    "[2001:db8::52:0:2]",
    "[fe80::424b:c8be:1643:a1b6]",
    "barbaz.net",
    "foofoobar.com",
    "baz.com",
    "localhost.net",
    "local.localhost",
    "barbarbaz.net",
    "wildcard.io",
    "awildcard.io",
    "port.example",
    "port.example:81",
    "192.168.1.3:81",
  ])("http://%s is not", (host) => {
    expect(proxyFor(new URL(`http://${host}`), { ...settings, noProxy: list })?.href).toBe("http://plain:1/");
  });

  test.each([
    ["https://[2001:db8::52:0:2]", true],
    ["https://192.168.1.3", false],
    ["https://192.168.1.3:80", true],
  ])("%s: %s", (url, direct) => {
    expect(proxyFor(new URL(url), { ...settings, noProxy: list }) === null).toBe(direct);
  });
});

test.each(["*", " a.b , * "])("%s exempts all", (noProxy) => {
  for (const host of ["a.example", "[::2]", "8.8.8.8"]) {
    expect(proxyFor(new URL(`https://${host}`), { ...settings, noProxy })).toBeNull();
  }
});
