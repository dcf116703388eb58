import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createLog } from "../../../common/log.ts";
import { createRestLine, type RestLine } from "../../../controller/vsphere/rest-line.ts";
import { agentOf, type Trust } from "../../../controller/vsphere/trust.ts";
import { createAuthority } from "../../lab/certificates.ts";

type Answer = [status: number, body: string] | "silence";
const session = '{"value":"t0ken"}';
const call = { method: "GET", path: "tagging/tag", what: "The tags" } as const;
const { signal } = new AbortController();

/** A REST service; `answer` gets the requests so far, as `POST session`. Logins and logouts are answered well. */
async function serving(
  answer: (requests: readonly string[]) => Answer,
  { login = [200, session] as Answer, trust = undefined as Trust | undefined } = {},
): Promise<{ line: RestLine; requests: string[]; headers: IncomingMessage["headers"][] }> {
  const authority = await createAuthority("vCenter's CA");
  const { certificate, key } = await authority.issue("vcenter");
  const requests: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const server = createServer({ cert: certificate, key }, (request, response) => {
    requests.push(`${request.method} ${request.url?.replace("/rest/com/vmware/cis/", "")}`);
    headers.push(request.headers);
    give(response, pick(requests, { answer, login }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/sdk`;
  const access = { server: "vc.example.com", url, username: "ädmin", password: "hünter2:" };
  const agent = agentOf(trust ?? { ca: authority.certificate });
  onTestFinished(() => {
    agent.destroy();
    server.close().closeAllConnections();
  });
  return { line: createRestLine({ access, agent, log: createLog("test", "silent") }), requests, headers };
}

function pick(
  requests: readonly string[],
  { answer, login }: { answer: (requests: readonly string[]) => Answer; login: Answer },
): Answer {
  const last = requests.at(-1);
  if (last === "POST session") return login;
  return last === "DELETE session" ? [200, ""] : answer(requests);
}

function give(response: ServerResponse, answer: Answer): void {
  if (answer !== "silence") response.writeHead(answer[0]).end(answer[1]);
}

const error = (type: string, text: string) =>
  JSON.stringify({ type: `com.vmware.vapi.std.errors.${type}`, value: { messages: [{ default_message: text }] } });

test.each([
  ["HTML", [200, "<html>Welcome"], "UnreadableAnswer", /no JSON/],
  ["JSON of another form", [200, "[1]"], "UnreadableAnswer", /unexpected form/],
  ["a refusal", [403, error("unauthorized", "Not yours.")], "NoPermission", /Not yours\..*403, unauthorized/],
  ["a refusal without words", [403, "<html>"], "NoPermission", /HTTP status 403/],
  ["nothing there", [404, error("not_found", "No tag.")], "ObjectNotFound", /No tag\./],
  ["no REST service", [404, "<html>"], "ObjectNotFound", /HTTP status 404/],
  ["a bad argument", [400, error("invalid_argument", "Cardinality.")], "VCenterFault", /Cardinality\./],
  ["a service that is not up", [503, "no healthy upstream"], "VCenterUnreachable", /HTTP status 503/],
  ["another place", [302, ""], "VCenterFault", /HTTP status 302/],
  ["a huge answer", [200, `{"value":"${"x".repeat(17 << 20)}"}`], "UnreadableAnswer", /larger than/],
  ["a session that ends at once, each time", [401, ""], "SessionLost", /HTTP status 401/],
] as const)("a server that answers with %s", async (...row) => {
  const [, answer, reason, text] = row;
  const { line } = await serving(() => [...answer]);
  const thrown = await line.call(call, signal).catch((caught: unknown) => caught);
  expect(thrown).toMatchObject({ name: "VimFault", reason, message: expect.stringMatching(text) });
  expect(thrown).toMatchObject({ message: expect.stringContaining("The tags at vCenter vc.example.com") });
});

test.each([
  ["a wrong password", [401, ""], "LoginRefused"],
  ["an account without the right", [403, error("unauthorized", "no")], "NoPermission"],
  ["no token", [200, '{"value":""}'], "UnreadableAnswer"],
] as const)("a login with %s", async (...row) => {
  const [, login, reason] = row;
  const { line, requests } = await serving(() => [200, ""], { login: [...login] });
  const thrown = await line.call(call, signal).catch((caught: unknown) => caught);
  expect(thrown).toMatchObject({ name: "VimFault", reason });
  const secrets = ["hünter2", Buffer.from("ädmin:hünter2:").toString("base64")];
  for (const secret of secrets) expect(JSON.stringify({ thrown, text: String(thrown) })).not.toContain(secret);
  expect(requests).toEqual(["POST session"]);
});

test("the account goes in the login only, the token in the calls only", async () => {
  const { line, requests, headers } = await serving(() => [200, '{"value":["a"]}']);
  expect(await line.call(call, signal)).toEqual(["a"]);
  await line.close();
  expect(requests).toEqual(["POST session", "GET tagging/tag", "DELETE session"]);
  const basic = `Basic ${Buffer.from("ädmin:hünter2:").toString("base64")}`;
  expect(headers.map(({ authorization }) => authorization)).toEqual([basic, undefined, undefined]);
  expect(headers.map((one) => one["vmware-api-session-id"])).toEqual([undefined, "t0ken", "t0ken"]);
});

test("a session that vCenter ended is opened anew, once", async () => {
  const { line, requests } = await serving((all) => (all.length === 2 ? [401, ""] : [200, '{"value":1}']));
  expect(await line.call(call, signal)).toBe(1);
  expect(requests).toEqual(["POST session", "GET tagging/tag", "POST session", "GET tagging/tag"]);
});

test("nothing is opened to be closed", async () => {
  const { line, requests } = await serving(() => [200, ""]);
  await line.close();
  expect(requests).toEqual([]);
});

test("a server that stays silent is left at the deadline, or when the caller stops", async () => {
  const { line } = await serving(() => "silence");
  await expect(line.call({ ...call, milliseconds: 50 }, signal)).rejects.toMatchObject({ reason: "TimedOut" });
  await expect(line.call(call, AbortSignal.timeout(50))).rejects.toMatchObject({ reason: "Interrupted" });
});

test.each([
  ["a CA that is not its own", { ca: undefined }],
  ["another thumbprint", { thumbprint: "00".repeat(32) }],
])("a server with %s gets no password", async (_, trust) => {
  const { line, requests } = await serving(() => [200, ""], { trust });
  await expect(line.call(call, signal)).rejects.toMatchObject({ reason: "CertificateUntrusted" });
  expect(requests).toEqual([]);
});
