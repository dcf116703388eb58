// The releases of the lab: two boot images, A and B, and the OS images that go with them.
import { createHash } from "node:crypto";

export const releaseA = "9.6.20261028-0";
export const releaseB = "9.8.20261116-0";

/** `sha256:<hex>` of the OS image (its manifest) that a boot image of `release` carries. */
export function osDigest(release: string): string {
  return `sha256:${createHash("sha256").update(`lab os image ${release}`).digest("hex")}`;
}

/** The pullspec that a rendered MachineConfig of the lab asks for. */
export function osImage(digest: string): string {
  return `quay.io/openshift-release-dev/ocp-v4.0-art-dev@${digest}`;
}
