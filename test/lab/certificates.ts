// The certificates of the lab: one CA and server certificates for its address, as PEM text.
import type { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

export interface KeyPair {
  /** PEM */
  certificate: string;
  /** PEM, PKCS #8 */
  key: string;
}

export interface Authority extends KeyPair {
  /** Where its servers listen. */
  address: string;
  /** A certificate for 127.0.0.1, localhost, its address and `names` (or addresses), of servers and clients, valid for a day. */
  issue: (commonName: string, names?: string[], kind?: Kind) => Promise<KeyPair>;
}

/** The common name of the certificate that OpenShift's Prometheus shows. */
export const metricsClient = "system:serviceaccount:openshift-monitoring:prometheus-k8s";

interface Kind {
  /** Since a while. */
  expired?: boolean;
  usage?: "server";
  /** Of a client: the API server takes it for a group. */
  organization?: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 24 * 3600 * 1000;

/** A new certificate authority, for servers on `address`. */
export async function createAuthority(commonName: string, address = "127.0.0.1"): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 30 * day),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return {
    certificate: certificate.toString("pem"),
    key: await privatePem(keys.privateKey),
    address,
    issue: (name, names = [], kind = {}) => issue({ certificate, keys }, { name, names: [address, ...names], ...kind }),
  };
}

async function issue(
  authority: { certificate: x509.X509Certificate; keys: webcrypto.CryptoKeyPair },
  { name, names, expired, usage, organization }: { name: string; names: string[] } & Kind,
): Promise<KeyPair> {
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [
      ...(name === "" ? [] : [`CN=${name}`]),
      ...(organization === undefined ? [] : [`O=${organization}`]),
    ].join(),
    issuer: authority.certificate.subject,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + (expired ? -60_000 : day)),
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.ExtendedKeyUsageExtension(usage === "server" ? [serverAuth] : [serverAuth, clientAuth]),
      new x509.SubjectAlternativeNameExtension(
        [...new Set(["127.0.0.1", "localhost", ...names])].map((value) => ({
          type: isIP(value) ? "ip" : "dns",
          value,
        })),
      ),
    ],
  });
  return { certificate: certificate.toString("pem"), key: await privatePem(keys.privateKey) };
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}
