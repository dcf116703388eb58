// The REST side of a session: opened at the first call, one for all, logged in again when vCenter ended it.
//
// The endpoints below /rest are those that OpenShift's installer and Machine API use with the same vCenters.
import type { Agent } from "node:https";
import { z } from "zod";
import { deadline } from "../../common/deadline.ts";
import { failureOf } from "../../common/failure.ts";
import type { Log } from "../../common/log.ts";
import { oneLine } from "../../common/one-line.ts";
import { readAnswer } from "./answer.ts";
import { VimFault } from "./fault.ts";
import { type JsonAnswer, type JsonRequest, requestJson } from "./json-request.ts";
import { sharedLogin } from "./shared-login.ts";
import type { VCenterAccess } from "./trust.ts";

export interface RestCall {
  method: "GET" | "POST" | "DELETE";
  /** Below /rest/com/vmware/cis/, with its query. */
  path: string;
  body?: object;
  /** Names call and object, for messages. */
  what: string;
  /** What to do when vCenter denies it. */
  remedy?: string;
  /** The deadline; 60 s if left out. */
  milliseconds?: number;
}

export interface RestLine {
  /**
   * Resolves with the answer's `value`. Throws VimFault: LoginRefused, NoPermission, ObjectNotFound, VCenterUnreachable,
   * CertificateUntrusted, TimedOut, UnreadableAnswer, VCenterFault, SessionLost, Interrupted.
   */
  call(call: RestCall, signal: AbortSignal): Promise<unknown>;
  /** Whether there is a session at vCenter now. */
  isOpen(): boolean;
  /** Logs out, if ever logged in. Never throws. */
  close(): Promise<void>;
}

interface RestParts {
  access: VCenterAccess;
  agent: Agent;
  log: Log;
  /** Called right before each request; throws if it may not be sent. */
  permit?: (() => void) | undefined;
}

const logoutMilliseconds = 10_000;

/** Opens nothing yet. */
export function createRestLine({ access, agent, log, permit }: RestParts): RestLine {
  const { server } = access;
  const send = async (own: Omit<JsonRequest, "url" | "agent" | "permit"> & { path: string }): Promise<JsonAnswer> =>
    await requestJson({ ...own, url: new URL(`/rest/com/vmware/cis/${own.path}`, access.url), agent, permit });
  const logins = sharedLogin(`REST login at vCenter ${server}`, async (signal) => {
    const what = `REST login at vCenter ${server}`;
    const basic = Buffer.from(`${access.username}:${access.password}`).toString("base64");
    const headers = { authorization: `Basic ${basic}`, "vmware-use-header-authn": "true" };
    const answer = await send({ method: "POST", path: "session", headers, what, signal });
    if (answer.status === 401) throw new VimFault("LoginRefused", `${what}: ${refused}`);
    return { token: readAnswer(z.string().min(1), answered(answer, { what }), what) };
  });
  const sendIn = ({ token }: { token: string }, call: RestCall, signal: AbortSignal) =>
    send({ ...call, what: `${call.what} at vCenter ${server}`, headers: { "vmware-api-session-id": token }, signal });
  return {
    call: async (call, signal) => {
      const what = `${call.what} at vCenter ${server}`;
      const made = await logins.current(signal);
      const answer = await sendIn(made, call, signal);
      if (answer.status !== 401) return answered(answer, { ...call, what });
      logins.lose(made);
      return answered(await sendIn(await logins.current(signal), call, signal), { ...call, what });
    },
    isOpen: logins.isHeld,
    close: async () => {
      const last = await logins.end();
      if (last === null) return;
      const call: RestCall = { method: "DELETE", path: "session", what: "REST logout" };
      await sendIn(last, call, deadline(new AbortController().signal, logoutMilliseconds)).catch((thrown: unknown) => {
        log.warn({ server, ...failureOf(thrown) }, "The REST logout failed: vCenter ends the session by itself.");
      });
    },
  };
}

const refused = "user name or password are refused. Mend the user name or password in the credentials' Secret.";

/** The `value` of a good answer; else what the answer means. Form: vSphere Automation API, "Error handling" of /rest. */
function answered({ status, body }: JsonAnswer, { what, remedy = "" }: { what: string; remedy?: string }): unknown {
  if (status >= 200 && status < 300) return body === undefined ? undefined : readAnswer(Wrapped, body, what).value;
  const { type, value } = Refusal.catch({ type: "", value: { messages: [] } }).parse(body);
  const said = value.messages.map(({ default_message }) => default_message).join(" ");
  const fault = type.replace(/^.*\./, "");
  const text = [oneLine(said, 300), `(HTTP status ${status}${fault && `, ${fault}`})`].filter(Boolean).join(" ");
  if (status === 401) throw new VimFault("SessionLost", `${what}: ${text}.`, { fault: "NotAuthenticated" });
  if (status === 403)
    throw new VimFault("NoPermission", `${what}: ${text}. ${remedy}`.trim(), { fault: "NoPermission" });
  if (status === 404) throw new VimFault("ObjectNotFound", `${what}: ${text}.`, { fault: fault || "not_found" });
  if (status >= 500) {
    throw new VimFault("VCenterUnreachable", `${what}: ${text}. Check that vCenter's services run.`);
  }
  throw new VimFault("VCenterFault", `${what}: ${text}.`, fault === "" ? {} : { fault });
}

const Wrapped = z.object({ value: z.unknown() });
const Refusal = z.object({
  type: z.string(),
  value: z.object({ messages: z.array(z.object({ default_message: z.string().catch("") })).catch([]) }),
});
