// A vCenter that follows a script: SOAP over TLS, with a session opened on it, for answers that the lab's vCenter never gives.
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { createLog } from "../../../common/log.ts";
import { openSession, type Session, type SessionContext } from "../../../controller/vsphere/session.ts";
import { createAuthority } from "../../lab/certificates.ts";

/** The content of the answer to a method (`<returnval>…`), a SOAP fault's type, an HTTP status, or no answer at all. */
export type Line = { content: string } | { fault: string } | { status: number } | "silence";

/** Opens a session on a vCenter that answers by `script`; `calls` are the methods in the order in which they came. */
export async function scriptedSession(
  script: (method: string, calls: readonly string[]) => Line,
  context: Pick<SessionContext, "permit"> = {},
): Promise<{ session: Session; calls: string[] }> {
  const authority = await createAuthority("vCenter's CA");
  const { certificate, key } = await authority.issue("vcenter");
  const calls: string[] = [];
  const server = createServer({ cert: certificate, key }, async (request, response) => {
    const method = /:Body><(\w+)/.exec(await text(request))?.[1] ?? "";
    calls.push(method);
    const line = method in openingLines ? { content: openingLines[method] ?? "" } : script(method, calls);
    answer(response, method, line);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/sdk`;
  const access = { server: "vc.example.com", url, username: "admin", password: "x", ca: authority.certificate };
  const stop = new AbortController();
  const session = await openSession(access, { ...context, signal: stop.signal, log: createLog("test", "silent") });
  onTestFinished(async () => {
    await session.close();
    server.close().closeAllConnections();
  });
  return { session, calls };
}

const managers = ["propertyCollector", "searchIndex", "sessionManager", "ovfManager"];
const openingLines: Record<string, string | undefined> = {
  RetrieveServiceContent: `<returnval>${managers.map((name) => `<${name} type="${name}">${name}</${name}>`).join("")}<about><apiVersion>8.0.3.0</apiVersion></about></returnval>`,
  Login: "<returnval/>",
  Logout: "",
};

function answer(response: ServerResponse, method: string, line: Line): void {
  if (line === "silence") return;
  if ("status" in line) response.writeHead(line.status).end("no");
  else if ("content" in line)
    response.end(envelope(`<${method}Response xmlns="urn:vim25">${line.content}</${method}Response>`));
  else response.writeHead(500).end(envelope(faultOf(line.fault)));
}

function faultOf(type: string): string {
  const detail = `<${type}Fault xmlns="urn:vim25" xsi:type="${type}"/>`;
  return `<soap:Fault><faultcode>ServerFaultCode</faultcode><faultstring>${type}</faultstring><detail>${detail}</detail></soap:Fault>`;
}

function envelope(body: string): string {
  const namespaces = `xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`;
  return `<?xml version="1.0"?><soap:Envelope ${namespaces}><soap:Body>${body}</soap:Body></soap:Envelope>`;
}
