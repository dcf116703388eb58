// The session with one vCenter: calls with a deadline each, over verified TLS, logged out at the end.
import type { Agent } from "node:https";
import { type Client, createClientAsync } from "soap";
import { z } from "zod";
import { deadline } from "../../common/deadline.ts";
import { failureOf } from "../../common/failure.ts";
import type { Log } from "../../common/log.ts";
import { Reference, readAnswer } from "./answer.ts";
import { element } from "./element.ts";
import { type Call, exchange } from "./exchange.ts";
import { agentOf, type Trust } from "./trust.ts";
import { type Operation, wsdl } from "./wsdl.ts";

export interface VCenterAccess extends Trust {
  /** The name under which the cluster knows the vCenter; for messages. */
  server: string;
  /** Ends in /sdk. */
  url: string;
  username: string;
  password: string;
}

export interface Session {
  readonly server: string;
  /** The host of the URL, IPv6 in brackets: what `*` stands for in the addresses that vCenter gives. */
  readonly host: string;
  readonly trust: Trust;
  readonly content: ServiceContent;
  /** Ends calls that name no other. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** One call. Throws VimFault; a call that the signal ends is `Interrupted`. */
  call(method: Operation, call: Call): Promise<Answer>;
  /** The same session, with calls that another signal ends: for cleaning up after an abort. */
  under(signal: AbortSignal): Session;
  /** Logs out, whatever happened, and closes the connections; once. Never throws. */
  close(): Promise<void>;
}

interface Answer {
  /** The returnval, plain. */
  value: unknown;
  /** The whole answer as vCenter wrote it. */
  xml: string;
}

const ServiceContent = z.object({
  propertyCollector: Reference,
  searchIndex: Reference,
  sessionManager: Reference,
  ovfManager: Reference,
  authorizationManager: Reference.optional(),
  about: z.object({ apiVersion: z.string(), instanceUuid: z.string().optional() }),
});
type ServiceContent = z.infer<typeof ServiceContent>;

const logoutMilliseconds = 10_000;

/**
 * Connects, verifies the certificate and logs in. The context's signal ends calls, not the session: close it.
 * Throws VimFault: VCenterUnreachable, CertificateUntrusted, LoginRefused, UnreadableAnswer, Interrupted.
 */
export async function openSession(access: VCenterAccess, context: { signal: AbortSignal; log: Log }): Promise<Session> {
  const agent = agentOf(access);
  try {
    const client = await createClientAsync(wsdl, { endpoint: access.url, disableCache: true });
    const line: Line = { access, client, agent, log: context.log, state: { closed: false } };
    const content = await retrieveContent(line, context.signal);
    await login(line, content, context.signal);
    return sessionOver({ ...line, content }, context.signal);
  } catch (thrown) {
    agent.destroy();
    throw thrown;
  }
}

interface Line {
  access: VCenterAccess;
  client: Client;
  agent: Agent;
  log: Log;
  /** Shared by all that `under` makes. */
  state: { closed: boolean };
}

async function retrieveContent(line: Line, signal: AbortSignal): Promise<ServiceContent> {
  const instance = { type: "ServiceInstance", value: "ServiceInstance" };
  const { value } = await exchange({ ...line, ...line.access }, "RetrieveServiceContent", { on: instance, signal });
  return readAnswer(ServiceContent, value, `ServiceContent of ${line.access.server}`);
}

async function login(line: Line, content: ServiceContent, signal: AbortSignal): Promise<void> {
  const { username, password, server } = line.access;
  const fields = [element("userName", username), element("password", password)];
  await exchange({ ...line, server }, "Login", { on: content.sessionManager, fields, signal });
  const headers = Cookies.catch({ "set-cookie": [] }).parse(line.client.lastResponseHeaders);
  const cookies = headers["set-cookie"].map((cookie) => cookie.split(";")[0]);
  line.client.addHttpHeader("Cookie", cookies.join("; "));
}

const Cookies = z.object({ "set-cookie": z.array(z.string()) });

function sessionOver(line: Line & { content: ServiceContent }, signal: AbortSignal): Session {
  const { access, agent, content, log } = line;
  const { ca, thumbprint, insecureSkipVerify } = access;
  const call = (method: Operation, one: Call) =>
    exchange({ ...line, server: access.server }, method, { signal, ...one });
  const close = async () => {
    if (line.state.closed) return;
    line.state.closed = true;
    const limit = deadline(new AbortController().signal, logoutMilliseconds);
    await call("Logout", { on: content.sessionManager, signal: limit }).catch((thrown: unknown) => {
      log.warn(
        { server: access.server, ...failureOf(thrown) },
        "The logout failed: vCenter ends the session by itself.",
      );
    });
    agent.destroy();
  };
  return {
    server: access.server,
    host: new URL(access.url).hostname,
    trust: { ca, thumbprint, insecureSkipVerify },
    content,
    signal,
    log,
    call,
    under: (other) => sessionOver(line, other),
    close,
  };
}
