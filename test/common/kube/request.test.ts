// The client against a real HTTPS server that answers as the test tells it.
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findEndpoint } from "../../../common/kube/endpoint.ts";
import { connect, type KubeApi } from "../../../common/kube/request.ts";
import { type Authority, createAuthority } from "../../lab/certificates.ts";

const mebibyte = 1024 * 1024;
const never = new AbortController().signal;
let authority: Authority;
let directory: string;
let server: Server;
let requests: IncomingMessage[];
let respond: RequestListener;
let api: KubeApi;

beforeAll(async () => {
  authority = await createAuthority("test CA");
  const { certificate: cert, key } = await authority.issue("api");
  server = createServer({ cert, key }, (request, response) => {
    requests.push(request);
    respond(request, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bootwarden-request-"));
  requests = [];
  respond = (_, response) => response.end('{"kind":"Node"}');
  api = await client(authority.certificate);
});
afterEach(async () => {
  api.close();
  await rm(directory, { recursive: true });
});

/** A client that takes this CA, with its token in a file. */
async function client(ca: string): Promise<KubeApi> {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : address;
  await writeFile(join(directory, "ca.crt"), ca);
  await writeFile(join(directory, "token"), "first\n");
  const config = {
    "current-context": "a",
    contexts: [{ name: "a", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: `https://127.0.0.1:${port}/`, "certificate-authority": "ca.crt" } }],
    users: [{ name: "u", user: { tokenFile: "token" } }],
  };
  const kubeconfig = join(directory, "kubeconfig");
  await writeFile(kubeconfig, JSON.stringify(config));
  return connect(await findEndpoint({ kubeconfig, serviceHost: undefined, servicePort: undefined }), "test/1");
}

const get = (signal = never) => api.call({ method: "GET", path: "/api/v1/nodes/n", signal });

test("the JSON of the answer; the body is sent with its type", async () => {
  let sent = "";
  respond = async (request, response) => {
    for await (const chunk of request) sent += chunk;
    response.end('{"kind":"Node"}');
  };
  const body = { type: "application/merge-patch+json", value: { é: 1 } };
  expect(await api.call({ method: "PATCH", path: "/p?q=1", body, signal: never })).toEqual({ kind: "Node" });
  expect(requests[0]).toMatchObject({ method: "PATCH", url: "/p?q=1", headers: { "content-type": body.type } });
  expect(sent).toBe('{"é":1}');
});

test("the token file is read anew for each call", async () => {
  await get();
  await writeFile(join(directory, "token"), "second\n");
  await get();
  expect(requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer first", "Bearer second"]);
});

describe("an answer of", () => {
  const status = JSON.stringify({ kind: "Status", message: "said by the server" });
  test.each([
    [429, status, "ApiUnreachable", /answers 429: said by the server/],
    [500, "", "ApiUnreachable", /answers 500/],
    [503, "<html>", "ApiUnreachable", /answers 503: <html>/],
    [403, status, "ApiRefused", /said by the server/],
    [302, "", "ApiRefused", /answers 302/],
    [200, "<html>", "ApiAnswerUnreadable", /no JSON/],
    [200, '{"kind":', "ApiAnswerUnreadable", /no JSON/],
  ])("%i %s is %s", async (...[code, body, reason, message]) => {
    respond = (_, response) => response.writeHead(code).end(body);
    await expect(get()).rejects.toMatchObject({ reason, status: code, message: expect.stringMatching(message) });
  });
});

test("an answer of 4 MiB is read, one byte more is not, and an endless one is not read to its end", async () => {
  const ofSize = (size: number) => JSON.stringify("x".repeat(size - 2));
  respond = (_, response) => response.end(ofSize(4 * mebibyte));
  expect(await get()).toHaveLength(4 * mebibyte - 2);
  respond = (_, response) => response.end(ofSize(4 * mebibyte + 1));
  await expect(get()).rejects.toMatchObject({ reason: "ApiAnswerUnreadable", status: 200 });
  const closed = new Promise((resolve) => {
    respond = (_, response) => {
      response.once("close", resolve);
      const more = () => response.write("x".repeat(mebibyte));
      response.on("drain", more);
      more();
    };
  });
  await expect(get()).rejects.toMatchObject({ reason: "ApiAnswerUnreadable" });
  await closed;
});

describe("an abort", () => {
  test.each([
    ["before the answer", ""],
    ["during the body", '{"kind":'],
  ])("%s ends the call and its connection", async (_, begun) => {
    const stop = new AbortController();
    const closed = new Promise((resolve) => {
      respond = (_, response) => {
        response.once("close", resolve);
        if (begun === "") stop.abort();
        else response.write(begun, () => stop.abort());
      };
    });
    await expect(get(stop.signal)).rejects.toMatchObject({ reason: "ApiUnreachable", status: null });
    await closed;
  });
});

test("a connection that breaks during the body is no answer", async () => {
  respond = (_, response) => response.write('{"kind":', () => response.destroy());
  await expect(get()).rejects.toMatchObject({ reason: "ApiUnreachable", status: null });
});

test("a server of another CA gets no request, and so no token", async () => {
  const other = await client((await createAuthority("another CA")).certificate);
  await expect(other.call({ method: "GET", path: "/", signal: never })).rejects.toMatchObject({
    reason: "ApiUnreachable",
    message: expect.stringMatching(/certificate/),
  });
  other.close();
  expect(requests).toEqual([]);
});
