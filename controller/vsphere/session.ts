// The session with one vCenter: calls with a deadline each, over verified TLS, logged out at the end.
import type { Log } from "../../common/log.ts";
import type { Call } from "./exchange.ts";
import { createRestLine, type RestCall, type RestLine } from "./rest-line.ts";
import { type Answer, openSoapLine, type ServiceContent, type SoapLine } from "./soap-line.ts";
import { agentOf, type Trust, type VCenterAccess } from "./trust.ts";
import type { Operation } from "./wsdl.ts";

export type { VCenterAccess } from "./trust.ts";

export interface Session {
  readonly server: string;
  /** Host and port of the URL, IPv6 in brackets: what `*` stands for in the addresses that vCenter gives. */
  readonly host: string;
  readonly trust: Trust;
  readonly content: ServiceContent;
  /** The user as vCenter knows it, such as `VSPHERE.LOCAL\svc`. */
  readonly account: string;
  /** Ends calls that name no other. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /**
   * One call. A session that vCenter ended is opened anew, and the call repeated: `SessionLost` is thrown only for what is gone with
   * the session, such as a lease, or when the new one is lost at once. Throws VimFault; a call that the signal ends is `Interrupted`.
   */
  call(method: Operation, call: Call): Promise<Answer>;
  /** One call of the REST API; its session, at most one, is opened when first needed. Throws VimFault, see `RestLine`. */
  rest(call: RestCall): Promise<unknown>;
  /** The same session, with calls that another signal ends: for cleaning up after an abort. */
  under(signal: AbortSignal): Session;
  /** How many sessions vCenter has of it now: SOAP's, and REST's where that was needed. */
  sessions(): number;
  /** Logs out, whatever happened, and closes the connections; once. Never throws. */
  close(): Promise<void>;
}

export interface SessionContext {
  signal: AbortSignal;
  log: Log;
  /** Silence after which vCenter is called, to keep the session; 10 min if left out. */
  idleMilliseconds?: number;
  /** Called right before each request, that of the logout, too; throws if it may not be sent. */
  permit?: () => void;
}

/**
 * Connects, verifies the certificate and logs in. The context's signal ends calls, not the session: close it.
 * Throws VimFault: VCenterUnreachable, CertificateUntrusted, LoginRefused, UnreadableAnswer, Interrupted.
 */
export async function openSession(access: VCenterAccess, context: SessionContext): Promise<Session> {
  const agent = agentOf(access);
  const parts = { ...context, access, agent };
  try {
    const soap = await openSoapLine(parts, context.signal);
    const rest = createRestLine(parts);
    const close = async () => {
      await Promise.all([soap.close(), rest.close()]);
      agent.destroy();
    };
    let closing: Promise<void> | undefined;
    const once = () => {
      closing ??= close();
      return closing;
    };
    return sessionOver({ access, log: context.log, soap, rest, close: once }, context.signal);
  } catch (thrown) {
    agent.destroy();
    throw thrown;
  }
}

interface Lines {
  access: VCenterAccess;
  log: Log;
  soap: SoapLine;
  rest: RestLine;
  close: () => Promise<void>;
}

function sessionOver(lines: Lines, signal: AbortSignal): Session {
  const { access, log, soap, rest, close } = lines;
  const { ca, thumbprint, insecureSkipVerify } = access;
  return {
    server: access.server,
    host: new URL(access.url).host,
    trust: { ca, thumbprint, insecureSkipVerify },
    content: soap.content,
    account: soap.account,
    signal,
    log,
    call: (method, call) => soap.call(method, { signal, ...call }),
    rest: (call) => rest.call(call, signal),
    under: (other) => sessionOver(lines, other),
    sessions: () => [soap, rest].filter((line) => line.isOpen()).length,
    close,
  };
}
