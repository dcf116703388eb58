// The watch, against a server that sends its lines in every way that TCP may cut them, or sends something else.
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KubeError } from "../../../controller/cluster/kube-error.ts";
import { watch } from "../../../controller/cluster/watch.ts";

let server: Server;
let answer: (response: ServerResponse) => unknown;
let asked: URL;
let stop: AbortController;

beforeEach(async () => {
  stop = new AbortController();
  server = createServer((request, response) => {
    asked = new URL(request.url ?? "", "http://server");
    void answer(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function watched(each?: (type: string, object: unknown) => void): Promise<[string, unknown][]> {
  const seen: [string, unknown][] = [];
  const { port } = server.address() as AddressInfo;
  await watch(
    { url: `http://127.0.0.1:${port}`, headers: {}, dispatcher: undefined, signal: stop.signal },
    { path: "/things", query: { resourceVersion: "7" }, each: each ?? ((...event) => seen.push(event)) },
  );
  return seen;
}

const events = ["é", "x".repeat(50_000), "🚀\n"].map((text, index) => ({ type: "MODIFIED", object: { text, index } }));
const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
const pairs = events.map(({ type, object }) => [type, object]);

test.each([1, 7, 4096, bytes.length])("events in pieces of %d bytes", { timeout: 30_000 }, async (size) => {
  answer = async (response) => {
    for (let from = 0; from < bytes.length; from += size) {
      response.write(bytes.subarray(from, from + size));
      if (size > 1 || from % 100 === 0) await turn();
    }
    response.end();
  };
  expect(await watched()).toEqual(pairs);
});

test("bookmarks are asked for, and an end of the watch within 10 minutes", async () => {
  answer = (response) => response.end();
  expect(await watched()).toEqual([]);
  const { timeoutSeconds, ...rest } = Object.fromEntries(asked.searchParams);
  expect(rest).toEqual({ watch: "true", allowWatchBookmarks: "true", resourceVersion: "7" });
  expect(Number(timeoutSeconds)).toBeGreaterThanOrEqual(300);
  expect(Number(timeoutSeconds)).toBeLessThanOrEqual(600);
});

test("a refusal is said in the API server's words, with the time that it asks for", async () => {
  answer = (response) => {
    response.writeHead(429, { "retry-after": "3" });
    response.end(JSON.stringify({ kind: "Status", message: "too many requests" }));
  };
  const error = await watched().catch((error: unknown) => error);
  expect(error).toMatchObject({ status: 429, retryAfter: 3_000, message: "Watch of /things: too many requests" });
});

test("a line that breaks in the middle of an event is an outage, after the events before it", async () => {
  const seen: string[] = [];
  answer = async (response) => {
    response.write(`${JSON.stringify(events[0])}\n{"type":"MODI`);
    await turn();
    setTimeout(() => response.destroy(), 50);
  };
  const error = await watched((type) => seen.push(type)).catch((error: unknown) => error);
  expect(seen).toEqual(["MODIFIED"]);
  expect(error).toMatchObject({ name: "KubeError", status: 0, isOutage: true });
});

test.each(["no JSON", "[]", '{"object":{}}'])("a line that is no event is an error: %s", async (line) => {
  answer = (response) => response.end(`${line}\n`);
  await expect(watched()).rejects.toBeInstanceOf(KubeError);
});

test("a line without an end is not held for ever", { timeout: 30_000 }, async () => {
  answer = (response) => {
    const more = () => {
      while (!response.destroyed && response.write("x".repeat(1024 * 1024)));
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  };
  await expect(watched()).rejects.toThrow(/larger than/);
});

test("an error of whoever listens ends the watch", async () => {
  answer = (response) => response.write(bytes);
  const wrong = new KubeError(410, "gone");
  await expect(
    watched(() => {
      throw wrong;
    }),
  ).rejects.toBe(wrong);
});

test("the signal ends it, without an error", async () => {
  answer = (response) => response.write(bytes);
  const seen: string[] = [];
  await watched((type) => {
    seen.push(type);
    if (seen.length === 3) stop.abort();
  });
  expect(seen).toHaveLength(3);
});

test("a server that is not there is an outage", async () => {
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const access = { url: `http://127.0.0.1:${port}`, headers: {}, dispatcher: undefined, signal: stop.signal };
  await expect(watch(access, { path: "/", query: {}, each: () => undefined })).rejects.toMatchObject({ status: 0 });
});
