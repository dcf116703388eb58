// One exchange with vCenter: a request with a deadline, and an answer or a typed failure.
import type { Agent } from "node:https";
import type { Client } from "soap";
import { z } from "zod";
import { deadline } from "../../common/deadline.ts";
import { oneLine } from "../../common/one-line.ts";
import type { Reference } from "./answer.ts";
import { element, referenceElement, type Xml } from "./element.ts";
import { soapFault, VimFault } from "./fault.ts";
import { plainValue } from "./plain-value.ts";
import { certificateProblem } from "./trust.ts";
import type { Operation } from "./wsdl.ts";

const answerLimit = 64 << 20;

export interface Call {
  /** The managed object that the operation belongs to. */
  on: Reference;
  /** The operation's fields, in the order of the API. */
  fields?: readonly (Xml | undefined)[];
  /** Namespaces that the fields need beside vim25's and those of XML Schema. */
  namespaces?: Record<string, string>;
  /** The deadline; 60 s if left out. */
  milliseconds?: number;
  /** Ends the call; the session's if left out. */
  signal?: AbortSignal;
}

interface Wire {
  client: Client;
  agent: Agent;
  server: string;
  /** Called right before the request; throws if it may not be sent. */
  permit?: (() => void) | undefined;
}

/**
 * Calls an operation. Throws VimFault: what vCenter answers as a fault, VCenterUnreachable, CertificateUntrusted, TimedOut,
 * UnreadableAnswer, Interrupted. Errors of the HTTP library hold the request, a password included: they never leave here.
 */
export async function exchange(
  wire: Wire,
  method: Operation,
  call: Call & { signal: AbortSignal },
): Promise<{ value: unknown; xml: string }> {
  wire.permit?.();
  const milliseconds = call.milliseconds ?? 60_000;
  const limit = deadline(call.signal, milliseconds);
  const options = {
    httpsAgent: wire.agent,
    proxy: false,
    maxRedirects: 0,
    maxContentLength: answerLimit,
    signal: limit,
  };
  try {
    const answered: unknown = await wire.client[`${method}Async`]({ _xml: body(method, call).xml }, options);
    const [parsed, xml] = Answered.parse(answered);
    return { value: plainValue(parsed?.returnval), xml };
  } catch (thrown) {
    const what = `${method} at vCenter ${wire.server}`;
    if (call.signal.aborted) throw new VimFault("Interrupted", `${what} was interrupted.`);
    if (limit.aborted) throw new VimFault("TimedOut", `${what}: no answer within ${milliseconds / 1000} s.`);
    throw failure(thrown, what);
  }
}

const Answered = z.tuple([z.object({ returnval: z.unknown() }).nullish().catch(null), z.string()]).rest(z.unknown());

function body(method: Operation, { on, fields = [], namespaces = {} }: Call): Xml {
  return element(method, [referenceElement("_this", on), ...fields], {
    ...namespaces,
    xmlns: "urn:vim25",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xmlns:xsd": "http://www.w3.org/2001/XMLSchema",
  });
}

const Faulty = z.object({ root: z.object({ Envelope: z.object({ Body: z.object({ Fault: z.unknown() }) }) }) });
const Responded = z.object({ response: z.object({ status: z.number() }) });

function failure(thrown: unknown, what: string): VimFault {
  const faulty = Faulty.safeParse(thrown);
  if (faulty.success) return soapFault(faulty.data.root.Envelope.Body.Fault, what);
  const status = Responded.safeParse(thrown).data?.response.status;
  if (status !== undefined && status >= 400) {
    return new VimFault("VCenterUnreachable", `${what}: HTTP status ${status}. Check that vCenter's services run.`);
  }
  const untrusted = certificateProblem(thrown);
  if (untrusted !== null) {
    const remedy = "Name the CA bundle or the thumbprint of this vCenter in the policy.";
    return new VimFault("CertificateUntrusted", `${what}: its certificate is not trusted: ${untrusted}. ${remedy}`);
  }
  const message = thrown instanceof Error ? oneLine(thrown.message, 200) : "no SOAP answer";
  if (thrown instanceof Error && "code" in thrown && status === undefined) {
    return new VimFault("VCenterUnreachable", `${what}: ${message}. Check the server's name, port and network.`);
  }
  return new VimFault("UnreadableAnswer", `${what}: what answers there is no vCenter: ${message}.`);
}
