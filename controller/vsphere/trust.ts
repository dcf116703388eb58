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

export interface VCenterAccess extends Trust {
  /** The name under which the cluster knows the vCenter; for messages. */
  server: string;
  /** Ends in /sdk. */
  url: string;
  username: string;
  password: string;
}

const handshakeMilliseconds = 30_000;

/** An agent whose connections are verified so. To be destroyed at the end. `handshake` limits that of a pinned connection. */
export function agentOf(trust: Trust, handshake = handshakeMilliseconds): Agent {
  const options: AgentOptions = { keepAlive: true, maxSockets: 8, minVersion: "TLSv1.2" };
  if (trust.insecureSkipVerify === true) return new Agent({ ...options, rejectUnauthorized: false });
  if (trust.thumbprint !== undefined) return new PinnedAgent(trust.thumbprint, handshake, options);
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
  readonly #handshakeMilliseconds: number;
  /** Nobody else knows them before they are verified. */
  readonly #pending = new Set<TLSSocket>();

  constructor(thumbprint: string, handshake: number, options: AgentOptions) {
    super(options);
    this.#thumbprint = digits(thumbprint);
    this.#handshakeMilliseconds = handshake;
  }

  override createConnection(options: ConnectionOptions, connected: Connected): undefined {
    const socket = connect({ ...options, rejectUnauthorized: false });
    const timer = setTimeout(() => socket.destroy(unfinished()), this.#handshakeMilliseconds);
    const settle = () => {
      clearTimeout(timer);
      this.#pending.delete(socket);
    };
    const failed = (error: Error) => {
      settle();
      connected(error, socket);
    };
    this.#pending.add(socket);
    socket.once("error", failed);
    socket.once("secureConnect", () => {
      settle();
      socket.off("error", failed);
      if (this.#matches(socket)) connected(null, socket);
      else connected(mismatch(socket.destroy()), socket);
    });
  }

  override destroy(): void {
    for (const socket of this.#pending) socket.destroy(unfinished());
    super.destroy();
  }

  #matches(socket: TLSSocket): boolean {
    const { fingerprint, fingerprint256 } = socket.getPeerCertificate();
    return [fingerprint, fingerprint256].some((one) => one !== undefined && digits(one) === this.#thumbprint);
  }
}

function digits(thumbprint: string): string {
  return thumbprint.replaceAll(":", "").toLowerCase();
}

function unfinished(): Error {
  return Object.assign(new Error("the TLS handshake was not finished"), { code: "ETIMEDOUT" });
}

function mismatch(_socket: TLSSocket): Error {
  return Object.assign(new Error("the certificate has another thumbprint"), { code: "THUMBPRINT_MISMATCH" });
}
