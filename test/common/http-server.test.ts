// The HTTP server, asked over real sockets.
import { connect, type Socket } from "node:net";
import { Gauge, Registry } from "prom-client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { serve } from "../../common/http-server.ts";
import { createLog } from "../../common/log.ts";

let stop = new AbortController();
let ready = true;
const log = createLog("test", "silent");
const registry = new Registry();
new Gauge({ name: "answer", help: "Of all.", registers: [registry] }).set(42);

beforeEach(() => {
  stop = new AbortController();
  ready = true;
});
afterEach(() => stop.abort());

async function start(listen = "127.0.0.1:0", metrics = registry): Promise<string> {
  const { port } = await serve({ listen, tls: null, metrics, ready: () => ready, log, signal: stop.signal });
  return `http://127.0.0.1:${port}`;
}

describe("answers", () => {
  test.each<[string, string, number, string | RegExp]>([
    ["GET", "/healthz", 200, "ok\n"],
    ["GET", "/readyz", 200, "ok\n"],
    ["GET", "/", 404, /try \/metrics/],
    ["GET", "/metrics/", 404, /not found/],
    ["GET", "/../metrics/../../etc/passwd", 404, /not found/],
    ["HEAD", "/healthz", 200, ""],
    ["POST", "/healthz", 405, /^only GET and HEAD$/m],
    ["DELETE", "/metrics", 405, /^only GET and HEAD$/m],
    ["OPTIONS", "/", 405, /^only GET and HEAD$/m],
  ])("%s %s with %i", async (method, ...[path, status, body]) => {
    const response = await fetch(`${await start()}${path}`, { method });
    expect(response.status).toBe(status);
    const text = await response.text();
    if (typeof body === "string") expect(text).toBe(body);
    else expect(text).toMatch(body);
  });

  test("/metrics as Prometheus reads them", async () => {
    const response = await fetch(`${await start()}/metrics`);
    expect(response.headers.get("content-type")).toBe(registry.contentType);
    expect(await response.text()).toContain("answer 42");
  });

  test("/readyz with 503 as long as it is not ready", async () => {
    const url = await start();
    ready = false;
    const response = await fetch(`${url}/readyz`);
    expect([response.status, await response.text()]).toEqual([503, "not ready\n"]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    ready = true;
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  test("a path with a query, as scrapers send it", async () => {
    expect((await fetch(`${await start()}/metrics?name[]=answer`)).status).toBe(200);
  });

  test("the next request after one whose metrics could not be collected", async () => {
    const broken = new Registry();
    new Gauge({
      name: "broken",
      help: "Throws.",
      registers: [broken],
      collect: () => {
        throw new Error("no value");
      },
    });
    const url = await start("127.0.0.1:0", broken);
    await expect(fetch(`${url}/metrics`)).rejects.toThrow();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});

describe("listens", () => {
  test.each(["127.0.0.1:0", "localhost:0", ":0", "0.0.0.0:0"])("on %s", async (listen) => {
    expect((await fetch(`${await start(listen)}/healthz`)).status).toBe(200);
  });

  test("on [::1]:0", async () => {
    const { address, port } = await serve({
      listen: "[::1]:0",
      tls: null,
      log,
      metrics: registry,
      ready: () => true,
      signal: stop.signal,
    });
    expect(address).toBe("::1");
    expect((await fetch(`http://[::1]:${port}/healthz`)).status).toBe(200);
  });

  test("not on a port that is taken: it rejects", async () => {
    const { port } = new URL(await start());
    await expect(start(`127.0.0.1:${port}`)).rejects.toThrow(/EADDRINUSE/);
  });

  test("not at all once it was asked to stop: it rejects", async () => {
    stop.abort();
    await expect(start()).rejects.toThrow();
  });
});

describe("stops with the signal", () => {
  test("and refuses new connections", async () => {
    const url = await start();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    stop.abort();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  test("also while somebody holds a connection and sends no end of headers", async () => {
    const { port } = new URL(await start());
    const socket = await connected(Number(port));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write("GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    stop.abort();
    await closed;
    expect(socket.destroyed).toBe(true);
  });
});

async function connected(port: number): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.once("error", reject);
    socket.resume();
  });
}
