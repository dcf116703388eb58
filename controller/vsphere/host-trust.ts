// The trust in the host that takes the bytes: by what the lease says of it, else like any server that vCenter's CA signed.
import { X509Certificate } from "node:crypto";
import type { Session } from "./session.ts";
import type { Trust } from "./trust.ts";

export interface LeaseHost {
  /** As a URL has it. */
  host: string;
  /** PEM; "" if the lease gives none (HttpNfcLeaseDeviceUrl.sslCertificate came with API 9.0). */
  certificate: string;
  /** "" if the lease gives none. */
  thumbprint: string;
}

/**
 * The first that is there decides: the lease's certificate, the lease's thumbprint (both came over verified TLS, they are as good as
 * vCenter's word), the CA bundle or the system's roots. vCenter's own thumbprint is good for vCenter's own address only.
 */
export function hostTrust({ host, trust }: Pick<Session, "host" | "trust">, lease: LeaseHost): Trust {
  if (trust.insecureSkipVerify === true) return trust;
  const thumbprint = fingerprintOf(lease.certificate) || lease.thumbprint;
  if (thumbprint !== "") return { thumbprint };
  return lease.host === host ? trust : { ca: trust.ca };
}

/** SHA-256 of the first certificate; "" if it cannot be read: then the rest of what is known decides. */
function fingerprintOf(certificate: string): string {
  if (certificate === "") return "";
  try {
    return new X509Certificate(certificate).fingerprint256;
  } catch {
    return "";
  }
}
