// The HTTPS request with a JSON answer: bounded in time and size, over connections of a given agent.

import type { IncomingMessage } from "node:http";
import { type Agent, request } from "node:https";
import { deadline } from "../../common/deadline.ts";
import { VimFault } from "./fault.ts";
import { certificateProblem } from "./trust.ts";

export interface JsonRequest {
  url: URL;
  agent: Agent;
  method: "GET" | "POST" | "DELETE";
  headers: Record<string, string>;
  body?: object;
  /** Names the call, for messages. */
  what: string;
  /** The deadline; 60 s if left out. */
  milliseconds?: number;
  signal: AbortSignal;
  /** Called right before the request; throws if it may not be sent. */
  permit?: (() => void) | undefined;
}

export interface JsonAnswer {
  status: number;
  /** Undefined where it is empty, or an error's and no JSON. */
  body: unknown;
}

const answerLimit = 16 << 20;

/**
 * Follows no redirect. Throws VimFault: VCenterUnreachable, CertificateUntrusted, TimedOut, UnreadableAnswer, Interrupted. No error has
 * the request in it: its headers may hold a password.
 */
export async function requestJson(wanted: JsonRequest): Promise<JsonAnswer> {
  const { what, signal, milliseconds = 60_000 } = wanted;
  wanted.permit?.();
  const limit = deadline(signal, milliseconds);
  try {
    const { status, text } = await exchangeText(wanted, limit);
    return { status, body: parsed(text, { status, what }) };
  } catch (thrown) {
    if (thrown instanceof VimFault) throw thrown;
    if (signal.aborted) throw new VimFault("Interrupted", `${what} was interrupted.`);
    if (limit.aborted) throw new VimFault("TimedOut", `${what}: no answer within ${milliseconds / 1000} s.`);
    const untrusted = certificateProblem(thrown);
    if (untrusted !== null) {
      const remedy = "Name the CA bundle or the thumbprint of this vCenter in the policy.";
      throw new VimFault("CertificateUntrusted", `${what}: its certificate is not trusted: ${untrusted}. ${remedy}`);
    }
    const message = thrown instanceof Error ? thrown.message : "no answer";
    throw new VimFault("VCenterUnreachable", `${what}: ${message}. Check the server's name, port and network.`);
  }
}

async function exchangeText(wanted: JsonRequest, signal: AbortSignal): Promise<{ status: number; text: string }> {
  const { url, agent, method } = wanted;
  const body = wanted.body === undefined ? "" : JSON.stringify(wanted.body);
  const headers = {
    ...wanted.headers,
    accept: "application/json",
    ...(body === "" ? {} : { "content-type": "application/json" }),
    "content-length": String(Buffer.byteLength(body)),
  };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { agent, method, headers, signal }, resolve).on("error", reject).end(body);
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > answerLimit) {
      answer.destroy();
      throw new VimFault("UnreadableAnswer", `${wanted.what}: the answer is larger than ${answerLimit} bytes.`);
    }
    chunks.push(bytes);
  }
  return { status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") };
}

/** Errors of a proxy or of a server that is not up are no JSON: their status says enough. */
function parsed(text: string, { status, what }: { status: number; what: string }): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    if (status >= 400) return undefined;
    throw new VimFault("UnreadableAnswer", `${what}: what answers there is no vCenter: the answer is no JSON.`);
  }
}
