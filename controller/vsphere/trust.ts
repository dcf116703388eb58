// The trust in a server's certificate: by CA bundle, by thumbprint, or, said explicitly, none.
import { Agent, type AgentOptions } from "node:https";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";

export interface Trust {
  /** PEM bundle to trust in place of the system's roots. */
  ca?: string | undefined;
  /** Hexadecimal SHA-256 (or, as ESXi gives it, SHA-1) of the certificate; colons do not matter. Goes before `ca`. */
  thumbprint?: string | undefined;
  /** Verify nothing. */
  insecureSkipVerify?: boolean | undefined;
}

/** An agent whose connections are verified so. To be destroyed at the end. */
export function agentOf(trust: Trust): Agent {
  const options: AgentOptions = { keepAlive: true, maxSockets: 8, minVersion: "TLSv1.2" };
  if (trust.insecureSkipVerify === true) return new Agent({ ...options, rejectUnauthorized: false });
  if (trust.thumbprint !== undefined) return new PinnedAgent(trust.thumbprint, options);
  return new Agent(trust.ca === undefined ? options : { ...options, ca: trust.ca });
}

/** What is wrong with the certificate, if that is why a connection failed; else null. */
export function certificateProblem(thrown: unknown): string | null {
  if (!(thrown instanceof Error)) return null;
  const code = "code" in thrown ? String(thrown.code) : "";
  if (!/CERT|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|THUMBPRINT/.test(code)) return certificateProblem(thrown.cause);
  // Node's advice (“; if the root CA is installed locally, try …”) is not for the reader of this.
  return thrown.message.split(";")[0] ?? code;
}

type Connected = (error: Error | null, socket: Duplex) => void;

/** Lets nothing over a connection before the certificate's thumbprint was seen to be the right one. */
class PinnedAgent extends Agent {
  readonly #thumbprint: string;

  constructor(thumbprint: string, options: AgentOptions) {
    super(options);
    this.#thumbprint = digits(thumbprint);
  }

  override createConnection(options: ConnectionOptions, connected: Connected): undefined {
    const socket = connect({ ...options, rejectUnauthorized: false });
    const failed = (error: Error) => connected(error, socket);
    socket.once("error", failed);
    socket.once("secureConnect", () => {
      socket.off("error", failed);
      if (this.#matches(socket)) connected(null, socket);
      else connected(mismatch(socket.destroy()), socket);
    });
  }

  #matches(socket: TLSSocket): boolean {
    const { fingerprint, fingerprint256 } = socket.getPeerCertificate();
    return [fingerprint, fingerprint256].some((one) => one !== undefined && digits(one) === this.#thumbprint);
  }
}

function digits(thumbprint: string): string {
  return thumbprint.replaceAll(":", "").toLowerCase();
}

function mismatch(_socket: TLSSocket): Error {
  return Object.assign(new Error("the certificate has another thumbprint"), { code: "THUMBPRINT_MISMATCH" });
}
