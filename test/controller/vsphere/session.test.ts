import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createLog } from "../../../common/log.ts";
import { VimFault } from "../../../controller/vsphere/fault.ts";
import { openSession } from "../../../controller/vsphere/session.ts";
import { createAuthority } from "../../lab/certificates.ts";
import { scriptedSession } from "./scripted-vcenter.ts";

const log = createLog("test", "silent");
const account = { server: "vc.example.com", username: "admin", password: "hunter2" };

test.each([
  ["HTML", [200, "<html><body>Welcome</body></html>"], "UnreadableAnswer"],
  ["JSON", [200, "{}"], "UnreadableAnswer"],
  ["nothing", [200, ""], "UnreadableAnswer"],
  ["an answer without content", [200, envelope("<RetrieveServiceContentResponse/>")], "UnreadableAnswer"],
  ["a service that is not up", [503, "503 Service Unavailable"], "VCenterUnreachable"],
  ["no SOAP service", [404, "not found"], "VCenterUnreachable"],
  ["a fault", [500, envelope("<soap:Fault><faultstring>no</faultstring></soap:Fault>")], "VCenterFault"],
] as const)("a server that answers with %s", async (_, [status, body], reason) => {
  const { url, ca } = await serving((_request, response) => response.writeHead(status).end(body));
  const thrown = await openSession({ ...account, url, ca }, { signal: new AbortController().signal, log }).catch(
    (e: unknown) => e,
  );
  expect(thrown).toMatchObject({ name: "VimFault", reason, message: expect.stringContaining("vc.example.com") });
});

test("a server that stays silent is left when the caller stops", async () => {
  const stop = new AbortController();
  const { url, ca } = await serving(() => stop.abort());
  await expect(openSession({ ...account, url, ca }, { signal: stop.signal, log })).rejects.toMatchObject({
    reason: "Interrupted",
  });
});

test("the password is in no error", async () => {
  const content = ["propertyCollector", "searchIndex", "sessionManager", "ovfManager"]
    .map((name) => `<${name} type="${name}">${name}</${name}>`)
    .join("");
  const about = "<about><apiVersion>8.0.3.0</apiVersion></about>";
  const answer = envelope(
    `<RetrieveServiceContentResponse xmlns="urn:vim25"><returnval>${content}${about}</returnval></RetrieveServiceContentResponse>`,
  );
  let requests = 0;
  let sent = "";
  const { url, ca } = await serving((request, response) => {
    requests += 1;
    request.setEncoding("utf8").on("data", (text: string) => {
      sent += text;
    });
    request.on("end", () => (requests === 1 ? response.end(answer) : response.writeHead(500).end("<x>")));
  });
  const thrown = await openSession({ ...account, url, ca }, { signal: new AbortController().signal, log }).catch(
    (e: unknown) => e,
  );
  expect(sent).toContain("<userName>admin</userName><password>hunter2</password>");
  expect(thrown).toMatchObject({ name: "VimFault" });
  expect(JSON.stringify(everything(thrown))).not.toContain("hunter2");
});

test("what may not be sent is not sent, not even the logout", async () => {
  let mayCall = true;
  const permit = () => {
    if (!mayCall) throw new VimFault("Interrupted", "not any more");
  };
  const { session, calls } = await scriptedSession(() => ({ content: "<returnval>x</returnval>" }), { permit });
  const call = () => session.call("CurrentTime", { on: { type: "ServiceInstance", value: "ServiceInstance" } });
  await call();
  mayCall = false;
  await expect(call()).rejects.toThrow("not any more");
  await expect(session.rest({ method: "GET", path: "tagging/tag", what: "The tags" })).rejects.toThrow("not any more");
  await session.close();
  expect(calls).toEqual(["RetrieveServiceContent", "Login", "CurrentTime"]);
});

function envelope(body: string): string {
  return `<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${body}</soap:Body></soap:Envelope>`;
}

function everything(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  return { ...thrown, message: thrown.message, stack: thrown.stack, cause: everything(thrown.cause) };
}

async function serving(listener: RequestListener): Promise<{ url: string; ca: string }> {
  const authority = await createAuthority("vCenter's CA");
  const { certificate, key } = await authority.issue("vcenter");
  const server = createServer({ cert: certificate, key }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close().closeAllConnections();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/sdk`, ca: authority.certificate };
}
