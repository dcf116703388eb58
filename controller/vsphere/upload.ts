// The upload of a disk to the ESXi host (or vCenter) that a lease names.
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { deadline } from "../../common/deadline.ts";
import type { Digest } from "../../common/digest.ts";
import { Failure, failureOf } from "../../common/failure.ts";
import type { SharedBlocks } from "../../common/shared-blocks.ts";
import { type BlockWriter, blockWriter } from "./block-writer.ts";
import { VimFault } from "./fault.ts";
import { hostTrust } from "./host-trust.ts";
import type { Session } from "./session.ts";
import { agentOf, certificateProblem } from "./trust.ts";

const stallMilliseconds = 60_000;
/** A host may write for a while after the last byte. */
const answerMilliseconds = 300_000;

export interface DiskUpload {
  /** The lease's address; `*` stands for vCenter's host and port. */
  url: string;
  /** Of the host, as the lease gives them; "" if it does not. */
  certificate: string;
  thumbprint: string;
  content: AsyncIterable<Buffer>;
  /** Bytes of `content`. */
  size: number;
  /** A sha1, of nothing so far. */
  digest: Digest;
  /** Of the blocks that `content` comes in. */
  hold: SharedBlocks["hold"];
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
  const agent = agentOf(hostTrust(session, { ...upload, host: url.host }));
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

/**
 * The address of a lease; `host` is vCenter's, as a URL has it (IPv6 in brackets, a port that is not 443 behind it). VMware's own
 * clients put that in the place of `*` and of the port behind it, so that a forwarded port works. Throws VimFault HostNotVerified without
 * https.
 */
export function uploadUrl(address: string, host: string): URL {
  const url = URL.parse(address.replace(/\/\/\*(:\d+)?(?=[/?#]|$)/, () => `//${host}`));
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

async function send(sending: Sending): Promise<Sent> {
  const { request, answer, upload } = sending;
  const answered = new AbortController();
  const refusal = answer.then((got) => {
    answered.abort();
    return refusalOf(got);
  });
  const writer = blockWriter(request, { signal: upload.signal, answered: answered.signal, stallMilliseconds });
  try {
    const bytes = await sendBlocks(upload, { writer, answered: answered.signal, refusal });
    request.end();
    const limit = deadline(upload.signal, answerMilliseconds);
    const late = () => request.destroy(new Error("no answer after the last byte"));
    limit.addEventListener("abort", late, { once: true });
    throwIfError(await refusal);
    return { bytes, sha1: await upload.digest.end() };
  } finally {
    writer.stop();
  }
}

interface Line {
  writer: BlockWriter;
  answered: AbortSignal;
  refusal: Promise<Error | null>;
}

async function sendBlocks(upload: DiskUpload, { writer, answered, refusal }: Line): Promise<number> {
  let bytes = 0;
  let pending: Promise<Error | null> = Promise.resolve(null);
  for await (const block of upload.content) {
    const release = upload.hold(block);
    await upload.digest.update(block);
    throwIfError(await pending);
    // An answer before the end is a refusal: a host that takes the disk answers when it has all of it.
    if (answered.aborted) throwIfError((await refusal) ?? new Error("it answered before it had the whole disk"));
    pending = writer.write(block).finally(release);
    bytes += block.length;
    upload.onBytes(bytes);
  }
  throwIfError(await pending);
  if (bytes === upload.size) return bytes;
  throw new VimFault("UploadFailed", `The disk has ${bytes} bytes in place of ${upload.size}.`);
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
