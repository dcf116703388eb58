// The upload of a disk to the ESXi host (or vCenter) that a lease names.
import { createHash } from "node:crypto";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { deadline } from "../../common/deadline.ts";
import { Failure, failureOf } from "../../common/failure.ts";
import { VimFault } from "./fault.ts";
import { hostTrust } from "./host-trust.ts";
import type { Session } from "./session.ts";
import { agentOf, certificateProblem } from "./trust.ts";

const blockBytes = 1 << 20;
const stallMilliseconds = 60_000;
/** A host may write for a while after the last byte. */
const answerMilliseconds = 300_000;

export interface DiskUpload {
  /** The lease's address; `*` stands for vCenter's host. */
  url: string;
  /** Of the host, as the lease gives them; "" if it does not. */
  certificate: string;
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
export async function uploadDisk(session: Pick<Session, "host" | "trust">, upload: DiskUpload): Promise<Sent> {
  const url = uploadUrl(upload.url, session.host);
  const agent = agentOf(hostTrust(session, { ...upload, host: url.hostname }));
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

/** The address of a lease; `host` is vCenter's, as a URL has it (IPv6 in brackets). Throws VimFault HostNotVerified without https. */
export function uploadUrl(address: string, host: string): URL {
  const url = URL.parse(address.replace("//*", () => `//${host}`));
  if (url?.protocol === "https:") return url;
  throw new VimFault("HostNotVerified", "The lease names no https: address.");
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
  const answered = new AbortController();
  const refusal = answer.then((got) => {
    answered.abort();
    return refusalOf(got);
  });
  let bytes = 0;
  let pending: Promise<Error | null> = Promise.resolve(null);
  for await (const block of blocks(upload.content)) {
    hash.update(block);
    throwIfError(await pending);
    // An answer before the end is a refusal: a host that takes the disk answers when it has all of it.
    if (answered.signal.aborted) throwIfError((await refusal) ?? new Error("it answered before it had the whole disk"));
    pending = flushed(request, block, [upload.signal, answered.signal]);
    bytes += block.length;
    upload.onBytes(bytes);
  }
  throwIfError(await pending);
  if (bytes !== upload.size) {
    throw new VimFault("UploadFailed", `The disk has ${bytes} bytes in place of ${upload.size}.`);
  }
  request.end();
  const limit = deadline(upload.signal, answerMilliseconds);
  limit.addEventListener("abort", () => request.destroy(new Error("no answer after the last byte")), { once: true });
  throwIfError(await refusal);
  return { bytes, sha1: hash.digest("hex") };
}

function throwIfError(error: Error | null): void {
  if (error !== null) throw error;
}

function refusalOf(answer: IncomingMessage | Error): Error | null {
  if (answer instanceof Error) return answer;
  answer.resume();
  const { statusCode = 0 } = answer;
  return statusCode >= 200 && statusCode < 300 ? null : new Error(`HTTP status ${statusCode}`);
}

/** Writes a block; resolves when the socket has taken it (then its memory is free) or the answer is there, or with what went wrong. */
async function flushed(
  request: ClientRequest,
  block: Buffer,
  [stop, answered]: [AbortSignal, AbortSignal],
): Promise<Error | null> {
  const stalled = AbortSignal.timeout(stallMilliseconds);
  const ends = AbortSignal.any([stop, answered, stalled]);
  return await new Promise((resolve) => {
    const end = () => {
      if (answered.aborted) resolve(null);
      else resolve(new Error(stop.aborted ? "interrupted" : `no byte was taken for ${stallMilliseconds / 1000} s`));
    };
    ends.addEventListener("abort", end, { once: true });
    request.write(block, (error) => resolve(error ?? null));
    if (ends.aborted) end();
  });
}

/**
 * Joins chunks to blocks of a mebibyte: one write of that size costs far less than sixteen of 64 KiB. Two blocks of memory take
 * turns, so a block is valid until the next but one is asked for.
 */
async function* blocks(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const memory = [Buffer.allocUnsafeSlow(blockBytes), Buffer.allocUnsafeSlow(blockBytes)] as const;
  let turn: 0 | 1 = 0;
  let filled = 0;
  for await (const chunk of content) {
    for (let at = 0; at < chunk.length; ) {
      const copied = chunk.copy(memory[turn], filled, at);
      at += copied;
      filled += copied;
      if (filled < blockBytes) continue;
      yield memory[turn];
      turn = turn === 0 ? 1 : 0;
      filled = 0;
    }
  }
  if (filled > 0) yield memory[turn].subarray(0, filled);
}

function uploadFailure(thrown: unknown, host: string): VimFault {
  const untrusted = certificateProblem(thrown);
  if (untrusted !== null) {
    const remedy = "Add its CA to the vCenter's CA bundle in the policy.";
    return new VimFault(
      "HostNotVerified",
      `The host ${host} that would take the disk is not verified: ${untrusted}. ${remedy}`,
    );
  }
  const { message } = failureOf(thrown);
  return new VimFault("UploadFailed", `The upload of the disk to ${host} broke: ${message}.`, { cause: thrown });
}
