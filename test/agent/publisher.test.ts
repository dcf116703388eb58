// The publisher against a real HTTPS server that keeps one Node's annotations.
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { annotationsOf } from "../../agent/annotations.ts";
import { ownNode } from "../../agent/own-node.ts";
import { Publisher } from "../../agent/publisher.ts";
import { agentAnnotations } from "../../common/annotations.ts";
import { connect, type KubeApi } from "../../common/kube/request.ts";
import { createLog } from "../../common/log.ts";
import type { Report } from "../../common/report.ts";
import { createAuthority } from "../lab/certificates.ts";
import { deployment, report } from "./reports.ts";

const idle = report({ booted: deployment({ version: "1" }) });
const busy: Report = { ...idle, state: "busy" };
const claim = Buffer.from('{"kubernetes.io":{"node":{"name":"worker-0"}}}').toString("base64url");

let annotations: Record<string, string | null>;
let requests: { method: string | undefined; at: number }[];
/** Status of the answers to come; 200 when it is empty. */
let failing: number[];
let server: Server;
let api: KubeApi;
let publisher: Publisher;
let stop: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  [annotations, requests, failing, stop] = [{}, [], [], new AbortController()];
  const authority = await createAuthority("test CA");
  const { certificate: cert, key } = await authority.issue("api");
  server = createServer({ cert, key }, async (request, response) => {
    const [status, body] = await answer(request);
    response.writeHead(status).end(body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const url = new URL(`https://127.0.0.1:${typeof address === "object" ? address?.port : ""}`);
  const token = `e30.${claim}.x`;
  const credentials = async () => ({ ca: authority.certificate, token, certificate: undefined, key: undefined });
  api = connect({ server: url, serverName: null, credentials }, "test/1");
  publisher = new Publisher({ node: ownNode(api, "worker-0"), log: createLog("test", "silent") });
  running = publisher.run(stop.signal);
});
afterEach(async () => {
  stop.abort();
  await running;
  api.close();
  await new Promise((resolve) => server.close(resolve));
});

async function answer(request: IncomingMessage): Promise<[number, string]> {
  const status = failing.shift() ?? 200;
  const patch = await text(request);
  if (status === 200 && patch !== "") Object.assign(annotations, JSON.parse(patch).metadata.annotations);
  requests.push({ method: request.method, at: performance.now() });
  const standing = Object.entries(annotations).filter(([, value]) => value !== null);
  return [status, JSON.stringify({ metadata: { annotations: Object.fromEntries(standing) } })];
}

/** Offers a report and waits until there were this many requests in all. */
async function offered(wanted: Report, reread: boolean, count: number): Promise<(string | undefined)[]> {
  publisher.offer(annotationsOf(wanted), reread);
  while (requests.length < count || !publisher.published) await pause(5);
  return requests.map(({ method }) => method);
}

const standing = () => JSON.parse(annotations[agentAnnotations.report] ?? "{}");

test("what does not differ is not written; what somebody removed is, with the next check", async () => {
  expect(await offered(idle, false, 2)).toEqual(["GET", "PATCH"]);
  annotations = {};
  publisher.offer(annotationsOf(idle), false);
  expect(await offered(idle, true, 4)).toEqual(["GET", "PATCH", "GET", "PATCH"]);
});

test("a state that alone differs waits for another change", async () => {
  await offered(idle, false, 2);
  publisher.offer(annotationsOf(busy), false);
  await pause(50);
  const staged = { ...busy, staged: deployment({ booted: false, staged: true }) };
  expect(await offered(staged, false, 3)).toEqual(["GET", "PATCH", "PATCH"]);
  expect(standing()).toMatchObject({ state: "busy", staged: { staged: true } });
});

test("a state that alone differs waits for the check, and is not lost when that one fails", async () => {
  await offered(idle, false, 2);
  failing = [500];
  expect(await offered(busy, true, 5)).toEqual(["GET", "PATCH", "GET", "GET", "PATCH"]);
  expect(standing().state).toBe("busy");
});

test("changes do not cut the back-off short", async () => {
  await offered(idle, false, 2);
  failing = [500];
  publisher.offer(annotationsOf(report({ booted: deployment({ version: "2" }) })), false);
  while (requests.length < 3) await pause(5);
  for (let version = 3; version < 9; version++) {
    publisher.offer(annotationsOf(report({ booted: deployment({ version: `${version}` }) })), false);
    await pause(10);
  }
  expect(await offered(idle, false, 4)).toEqual(["GET", "PATCH", "PATCH", "GET"]);
  // The first back-off is between half a second and one; a timer may be early by as much as the event loop was late.
  expect((requests[3]?.at ?? 0) - (requests[2]?.at ?? 0)).toBeGreaterThan(400);
});
