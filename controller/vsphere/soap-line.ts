// The SOAP side of a session: logged in again when vCenter ended it, kept alive while nobody calls.
import type { Agent } from "node:https";
import { type Client, createClientAsync } from "soap";
import { z } from "zod";
import { deadline } from "../../common/deadline.ts";
import { failureOf } from "../../common/failure.ts";
import type { Log } from "../../common/log.ts";
import { Reference, readAnswer } from "./answer.ts";
import { element } from "./element.ts";
import { type Call, exchange } from "./exchange.ts";
import { VimFault } from "./fault.ts";
import { sharedLogin } from "./shared-login.ts";
import type { VCenterAccess } from "./trust.ts";
import { type Operation, wsdl } from "./wsdl.ts";

export interface Answer {
  /** The returnval, plain. */
  value: unknown;
  /** The whole answer as vCenter wrote it. */
  xml: string;
}

export interface SoapLine {
  readonly content: ServiceContent;
  /** The user as vCenter knows it, such as `VSPHERE.LOCAL\svc`. */
  readonly account: string;
  call(method: Operation, call: Call & { signal: AbortSignal }): Promise<Answer>;
  /** Whether there is a session at vCenter now. */
  isOpen(): boolean;
  /** Logs out. Never throws. */
  close(): Promise<void>;
}

export interface LineParts {
  access: VCenterAccess;
  agent: Agent;
  log: Log;
  /** Silence after which vCenter is called, to keep the session; vCenter itself ends it after 30 min. */
  idleMilliseconds?: number | undefined;
  /** Called right before each request; throws if it may not be sent. */
  permit?: (() => void) | undefined;
}

const ServiceContent = z.object({
  rootFolder: Reference.optional(),
  propertyCollector: Reference,
  searchIndex: Reference,
  sessionManager: Reference,
  ovfManager: Reference,
  authorizationManager: Reference.optional(),
  about: z.object({ apiVersion: z.string(), instanceUuid: z.string().optional() }),
});
export type ServiceContent = z.infer<typeof ServiceContent>;

const instance: Reference = { type: "ServiceInstance", value: "ServiceInstance" };
const logoutMilliseconds = 10_000;
const usualIdle = 600_000;

/** Logs in. Throws VimFault: VCenterUnreachable, CertificateUntrusted, LoginRefused, UnreadableAnswer, Interrupted. */
export async function openSoapLine(parts: LineParts, signal: AbortSignal): Promise<SoapLine> {
  const { access, log, idleMilliseconds = usualIdle } = parts;
  const { server } = access;
  const content = await retrieveContent(parts, signal);
  const logins = sharedLogin(`Login at vCenter ${server}`, (own) => login(parts, content.sessionManager, own));
  const callIn = async (made: Login, [method, call]: [Operation, Call & { signal: AbortSignal }]) =>
    await exchange({ ...parts, client: made.client, server }, method, call);
  const call: SoapLine["call"] = async (method, one) => {
    idle.refresh();
    const made = await logins.current(one.signal);
    try {
      return await callIn(made, [method, one]);
    } catch (thrown) {
      if (!(thrown instanceof VimFault && thrown.fault === "NotAuthenticated")) throw thrown;
      logins.lose(made);
      if (isOfSession(method, one)) throw thrown;
      log.info({ server }, "vCenter has ended the session: a new login.");
      return await callIn(await logins.current(one.signal), [method, one]);
    }
  };
  const close = async () => {
    clearTimeout(idle);
    const last = await logins.end();
    if (last !== null) await logout(parts, content, last);
  };
  const keep = () =>
    void call("CurrentTime", { on: instance, signal: lifelong }).catch((thrown: unknown) => {
      log.debug({ server, ...failureOf(thrown) }, "The idle session could not be kept alive.");
    });
  const idle = setInterval(keep, idleMilliseconds).unref();
  try {
    return { content, account: (await logins.current(signal)).account, call, close, isOpen: logins.isHeld };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

const lifelong = new AbortController().signal;

/** What is gone with the session that it was begun in: leases, and the further pages of an answer. */
function isOfSession(method: Operation, { on }: Call): boolean {
  return on.type === "HttpNfcLease" || method === "ContinueRetrievePropertiesEx";
}

async function retrieveContent({ access, agent, permit }: LineParts, signal: AbortSignal): Promise<ServiceContent> {
  const wire = { client: await newClient(access), agent, permit, server: access.server };
  const { value } = await exchange(wire, "RetrieveServiceContent", { on: instance, signal });
  return readAnswer(ServiceContent, value, `ServiceContent of ${access.server}`);
}

interface Login {
  client: Client;
  account: string;
}

async function login({ access, agent, permit }: LineParts, on: Reference, signal: AbortSignal): Promise<Login> {
  const { username, password, server } = access;
  const fields = [element("userName", username), element("password", password)];
  // A client of its own for each login: its cookie is not for calls that are under way, nor an old cookie for the login.
  const client = await newClient(access);
  const { value } = await exchange({ client, agent, permit, server }, "Login", { on, fields, signal });
  const headers = Cookies.catch({ "set-cookie": [] }).parse(client.lastResponseHeaders);
  client.addHttpHeader("Cookie", headers["set-cookie"].map((cookie) => cookie.split(";")[0]).join("; "));
  return { client, account: UserSession.safeParse(value).data?.userName ?? username };
}

const Cookies = z.object({ "set-cookie": z.array(z.string()) });
const UserSession = z.object({ userName: z.string().min(1) });

async function newClient(access: VCenterAccess): Promise<Client> {
  return await createClientAsync(wsdl, { endpoint: access.url, disableCache: true });
}

async function logout(
  { access, agent, log, permit }: LineParts,
  content: ServiceContent,
  { client }: Login,
): Promise<void> {
  const { server } = access;
  const signal = deadline(lifelong, logoutMilliseconds);
  try {
    await exchange({ client, agent, permit, server }, "Logout", { on: content.sessionManager, signal });
  } catch (thrown) {
    const { reason, message } = failureOf(thrown);
    if (reason !== "SessionLost")
      log.warn({ server, reason, message }, "The logout failed: vCenter ends the session by itself.");
  }
}
