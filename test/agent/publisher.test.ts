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
/** What the API server says of a token that is bound to a pod on the node. */
const review = { status: { userInfo: { extra: { "authentication.kubernetes.io/node-name": ["worker-0"] } } } };

let annotations: Record<string, string | null>;
let requests: { method: string | undefined; url: string | undefined; type: string | undefined; at: number }[];
/** Of each PATCH. */
let written: Record<string, string | null>[];
/** Status of the answers to come; 0: the connection breaks, 200 when it is empty. */
let failing: number[];
/** Reasons of the log's warnings. */
let warned: string[];
let server: Server;
let api: KubeApi;
let publisher: Publisher;
let stop: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  [annotations, requests, written, failing, warned, stop] = [{}, [], [], [], [], new AbortController()];
  const authority = await createAuthority("test CA");
  const { certificate: cert, key } = await authority.issue("api");
  server = createServer({ cert, key }, async (request, response) => {
    const [status, body] = await answer(request);
    if (status === 0) request.socket.destroy();
    else response.writeHead(status).end(body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const url = new URL(`https://127.0.0.1:${typeof address === "object" ? address?.port : ""}`);
  const credentials = async () => ({ ca: authority.certificate, token: "t", certificate: undefined, key: undefined });
  api = connect({ server: url, serverName: null, credentials }, "test/1");
  const log = createLog("test", "silent");
  log.warn = ({ reason }: { reason: string }) => warned.push(reason);
  publisher = new Publisher({ node: ownNode(api, "worker-0"), log });
  running = publisher.run(stop.signal);
});
afterEach(async () => {
  stop.abort();
  await running;
  api.close();
  await new Promise((resolve) => server.close(resolve));
});

async function answer(request: IncomingMessage): Promise<[number, string]> {
  if (request.method === "POST") return [201, JSON.stringify(review)];
  const status = failing.shift() ?? 200;
  const { method, url, headers } = request;
  const patch = await text(request);
  requests.push({ method, url, type: headers["content-type"], at: performance.now() });
  if (patch !== "") written.push(onlyAnnotations(patch));
  if (status === 200 && patch !== "") Object.assign(annotations, written.at(-1));
  const standing = Object.entries(annotations).filter(([, value]) => value !== null);
  return [status, JSON.stringify({ metadata: { annotations: Object.fromEntries(standing) } })];
}

/** The annotations of a patch that holds nothing else. */
function onlyAnnotations(patch: string): Record<string, string | null> {
  const { metadata, ...others } = JSON.parse(patch);
  expect([Object.keys(others), Object.keys(metadata)]).toEqual([[], ["annotations"]]);
  return metadata.annotations;
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

test("a check of what stands is one GET, and no write", async () => {
  await offered(idle, false, 2);
  expect(await offered(idle, true, 3)).toEqual(["GET", "PATCH", "GET"]);
  await pause(50);
  expect(requests).toHaveLength(3);
});

test("a write is one merge patch under the agent's name, of its own keys, and of those only what differs", async () => {
  annotations = { "example.com/other": "stays" };
  await offered(idle, false, 2);
  expect(requests[1]).toMatchObject({
    method: "PATCH",
    url: "/api/v1/nodes/worker-0?fieldManager=bootwarden-agent",
    type: "application/merge-patch+json",
  });
  expect(Object.values(agentAnnotations)).toEqual(expect.arrayContaining(Object.keys(written[0] ?? {})));
  const updated = { ...idle, booted: deployment({ version: "2" }) };
  await offered(updated, false, 3);
  expect(Object.keys(written[1] ?? {}).sort()).toEqual([agentAnnotations.bootedVersion, agentAnnotations.report]);
  expect(annotations["example.com/other"]).toBe("stays");
});

test("what the API server conflicts with, drops or puts off is tried again, later each time", async () => {
  await offered(idle, false, 2);
  failing = [409, 0, 429];
  await offered({ ...idle, booted: deployment({ version: "2" }) }, false, 7);
  // After a failure the Node is read before it is written: the write may have been done.
  expect(requests.slice(2).map(({ method }) => method)).toEqual(["PATCH", "GET", "GET", "GET", "PATCH"]);
  const waits = requests.slice(3, 6).map(({ at }, index) => at - (requests[index + 2]?.at ?? 0));
  // Between a half and the whole of 1, 2 and 4 seconds; a timer may be early by as much as the event loop was late.
  for (const [index, wait] of waits.entries()) {
    expect(wait).toBeGreaterThan(450 * 2 ** index);
    expect(wait).toBeLessThan(1_500 * 2 ** index);
  }
  // Each time that it is something else, and not each time.
  expect(warned).toEqual(["ApiRefused", "ApiUnreachable"]);
}, 20_000);

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
