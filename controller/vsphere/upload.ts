// The upload of a disk to the ESXi host (or vCenter) that a lease names.
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { deadline } from "../../common/deadline.ts";
import { Failure, failureOf } from "../../common/failure.ts";
import { VimFault } from "./fault.ts";
import type { Session } from "./session.ts";
import { agentOf, isCertificateError, type Trust } from "./trust.ts";

const mebibyte = 1 << 20;
const stallMilliseconds = 60_000;
/** A host may write for a while after the last byte. */
const answerMilliseconds = 300_000;

export interface DiskUpload {
  /** The lease's address; `*` stands for vCenter's host. */
  url: string;
  /** Of the host's certificate, as the lease gives it; "" if it does not. */
  thumbprint: string;
  content: AsyncIterable<Buffer>;
  /** Bytes of `content`. */
  size: number;
  signal: AbortSignal;
  /** Told how many bytes were sent so far. */
  onBytes: (bytes: number) => void;
}

export interface Sent {
  bytes: number;
  /** hex */
  sha1: string;
}

/**
 * Sends a stream-optimised VMDK, as it comes, with back-pressure. What `content` throws comes through.
 * Throws VimFault: HostNotVerified, UploadFailed, Interrupted.
 */
export async function uploadDisk(session: Session, upload: DiskUpload): Promise<Sent> {
  const url = URL.parse(
    upload.url.replace("//*", `//${session.host.includes(":") ? `[${session.host}]` : session.host}`),
  );
  if (url?.protocol !== "https:") throw new VimFault("HostNotVerified", "The lease names no https: address.");
  const agent = agentOf(hostTrust(session.trust, upload.thumbprint));
  const request = httpsRequest(url, {
    agent,
    method: "POST",
    signal: upload.signal,
    headers: { "content-length": upload.size, "content-type": "application/x-vnd.vmware-streamVmdk" },
  });
  const answer = answerOf(request);
  try {
    return await send({ request, answer, upload });
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    if (upload.signal.aborted) throw new VimFault("Interrupted", `The upload to ${url.host} was interrupted.`);
    throw uploadFailure(thrown, url.host);
  } finally {
    request.destroy();
    agent.destroy();
  }
}

/** The lease came over verified TLS: the thumbprint in it is as good as vCenter's word. */
function hostTrust(trust: Trust, thumbprint: string): Trust {
  return trust.insecureSkipVerify === true || thumbprint === "" ? trust : { thumbprint };
}

/** The answer as a promise that may fail before anybody waits for it. */
async function answerOf(request: ClientRequest): Promise<IncomingMessage | Error> {
  return await new Promise((resolve) => request.once("response", resolve).on("error", resolve));
}

interface Sending {
  request: ClientRequest;
  answer: Promise<IncomingMessage | Error>;
  upload: DiskUpload;
}

async function send({ request, answer, upload }: Sending): Promise<Sent> {
  const hash = createHash("sha1");
  const early = new AbortController();
  let bytes = 0;
  const answered = answer.then((got) => early.abort(got instanceof Error ? got : new Error(`HTTP ${got.statusCode}`)));
  for await (const chunk of inMebibytes(upload.content)) {
    hash.update(chunk);
    bytes += chunk.length;
    early.signal.throwIfAborted();
    if (!request.write(chunk)) await drained(request, AbortSignal.any([early.signal, upload.signal]));
    upload.onBytes(bytes);
  }
  if (bytes !== upload.size)
    throw new VimFault("UploadFailed", `The disk has ${bytes} bytes in place of ${upload.size}.`);
  request.end();
  const limit = deadline(upload.signal, answerMilliseconds);
  limit.addEventListener("abort", () => request.destroy(new Error("no answer after the last byte")), { once: true });
  const response = await answer;
  await answered;
  if (response instanceof Error) throw response;
  response.resume();
  if (response.statusCode === undefined || response.statusCode >= 300) throw new Error(`HTTP ${response.statusCode}`);
  return { bytes, sha1: hash.digest("hex") };
}

async function drained(request: ClientRequest, signal: AbortSignal): Promise<void> {
  const limit = deadline(signal, stallMilliseconds);
  try {
    await once(request, "drain", { signal: limit });
  } catch (thrown) {
    signal.throwIfAborted();
    throw limit.aborted ? new Error(`no byte was taken for ${stallMilliseconds / 1000} s`) : thrown;
  }
}

/** Joins small chunks: one write of a mebibyte costs far less than sixteen of 64 KiB. */
async function* inMebibytes(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const part of content) {
    parts.push(part);
    size += part.length;
    if (size < mebibyte) continue;
    yield Buffer.concat(parts, size);
    parts = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(parts, size);
}

function uploadFailure(thrown: unknown, host: string): VimFault {
  const { message } = failureOf(thrown);
  if (isCertificateError(thrown)) {
    const remedy = "Add its CA to the vCenter's CA bundle in the policy.";
    return new VimFault(
      "HostNotVerified",
      `The host ${host} that would take the disk is not verified: ${message}. ${remedy}`,
    );
  }
  return new VimFault("UploadFailed", `The upload of the disk to ${host} broke: ${message}.`, { cause: thrown });
}
