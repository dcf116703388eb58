// The setback of a download: what broke it, and whether another try may help.
import { failureOf } from "../../common/failure.ts";
import { OvaError } from "./ova-error.ts";

export interface Setback {
  failure: OvaError;
  /** Whether it may pass: the network, a server that is busy or restarts. */
  passing: boolean;
  /** Milliseconds that the server wants to be left alone. */
  retryAfter: number;
}

/** A server that does not do what is waited for: falls silent, ends too early. */
export class Silence extends Error {
  readonly code = "SILENCE";
}

/** An answer that is not the image. */
export class BadStatus extends Error {
  readonly status: number;
  readonly retryAfter: number;

  /** `retryAfter` in milliseconds. */
  constructor(status: number, retryAfter: number) {
    super(`the server answers ${status}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** Codes of Node and undici. A name that is not known may be a DNS server that restarts. */
const passingCodes = new Set([
  "SILENCE",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_PRX_CONN",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
]);

/** What was thrown while `shown` (an address without secrets) was downloaded. */
export function setbackOf(thrown: unknown, shown: string, signal: AbortSignal): Setback {
  const lasting = (failure: OvaError): Setback => ({ failure, passing: false, retryAfter: 0 });
  if (thrown instanceof OvaError) return lasting(thrown);
  if (signal.aborted) return lasting(new OvaError("Interrupted", `The download of ${shown} was interrupted.`));
  if (thrown instanceof BadStatus) {
    const { status, retryAfter } = thrown;
    const failure = new OvaError("DownloadFailed", `The server answers ${status} for ${shown}.`);
    return { failure, passing: status >= 500 || status === 429, retryAfter };
  }
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  // Node's advice behind a semicolon (“if the root CA is installed locally, try …”) is not for the reader of this.
  const [message] = failureOf(thrown).message.split(";");
  const text = `The download of ${shown} failed: ${message || code}.`;
  const failure = new OvaError("DownloadFailed", text, { cause: thrown });
  return { failure, passing: passingCodes.has(code), retryAfter: 0 };
}
