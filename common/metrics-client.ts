// The client of the metrics: who may read them, by the certificate that it shows.
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

interface Refusal {
  status: 401 | 403;
  why: string;
}

/** Null when whoever is at the other end of the socket may read them. Over plain HTTP everybody may. */
export function refusal(socket: Socket, clients: readonly string[]): Refusal | null {
  if (!(socket instanceof TLSSocket)) return null;
  if (!socket.authorized) return { status: 401, why: "a certificate of a trusted client CA is needed" };
  // A subject may have several common names, which is a list then.
  const name: unknown = socket.getPeerCertificate().subject.CN;
  if (typeof name === "string" && clients.includes(name)) return null;
  return { status: 403, why: "the certificate's common name is not allowed to read the metrics" };
}
