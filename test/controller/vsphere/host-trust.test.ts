import { X509Certificate } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { hostTrust, type LeaseHost } from "../../../controller/vsphere/host-trust.ts";
import type { Trust } from "../../../controller/vsphere/trust.ts";
import { createAuthority } from "../../lab/certificates.ts";

let certificate: string;
let chain: string;
let thumbprint: string;
beforeAll(async () => {
  const authority = await createAuthority("a CA");
  ({ certificate } = await authority.issue("esx-1"));
  chain = `${certificate}\n${authority.certificate}`;
  thumbprint = new X509Certificate(certificate).fingerprint256;
});

const ca = "vCenter's CA";

test.each<[string, Partial<LeaseHost>, Trust, () => Trust]>([
  ["the lease's certificate first", { certificate: "own", thumbprint: "AA" }, { ca }, () => ({ thumbprint })],
  ["the first of a chain", { certificate: "chain" }, { ca }, () => ({ thumbprint })],
  ["the lease's thumbprint", { thumbprint: "AA" }, { ca, thumbprint: "BB" }, () => ({ thumbprint: "AA" })],
  ["that beside rubbish", { certificate: "rubbish", thumbprint: "AA" }, { ca }, () => ({ thumbprint: "AA" })],
  ["the CA bundle", {}, { ca }, () => ({ ca })],
  ["the CA bundle, not vCenter's own thumbprint", {}, { ca, thumbprint: "BB" }, () => ({ ca })],
  ["the system's roots", {}, { thumbprint: "BB" }, () => ({ ca: undefined })],
  ["vCenter's own thumbprint at its own address", { host: "vc" }, { thumbprint: "BB" }, () => ({ thumbprint: "BB" })],
  [
    "nothing, if that is said",
    { thumbprint: "AA" },
    { insecureSkipVerify: true },
    () => ({ insecureSkipVerify: true }),
  ],
])("a host is trusted by %s", (...[, lease, trust, expected]) => {
  const known: Record<string, string> = { own: certificate, chain };
  const said = {
    host: "esx-1",
    thumbprint: "",
    ...lease,
    certificate: known[lease.certificate ?? ""] ?? lease.certificate ?? "",
  };
  expect(hostTrust({ host: "vc", trust }, said)).toEqual(expected());
});
