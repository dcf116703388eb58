// The ostree status of a simulated node, in the JSON of `rpm-ostree status --json`.
import { createHash } from "node:crypto";

export interface DeploymentState {
  /** `sha256:<hex>` of the image's manifest. */
  digest: string;
  /** The reference with its transport. */
  reference: string;
  version: string;
  checksum: string;
  booted: boolean;
  staged: boolean;
  /** Left out: it is not. */
  unlocked?: string;
  /** Packages that are layered upon the image; left out: none. */
  layered?: string[];
}

/** A deployment of the OS image `pullspec` (pinned by digest). */
export function deploymentOf(pullspec: string, version: string): DeploymentState {
  const digest = pullspec.slice(pullspec.indexOf("@") + 1);
  return {
    digest,
    reference: `ostree-unverified-registry:${pullspec}`,
    version,
    checksum: createHash("sha256").update(`commit ${digest}`).digest("hex"),
    booted: false,
    staged: false,
  };
}

/** The status with deployments in boot order: the first is the next boot's. */
export function statusOf(deployments: DeploymentState[]): unknown {
  return {
    deployments: deployments.map((deployment) => ({
      id: `rhcos-${deployment.checksum}.0`,
      osname: "rhcos",
      serial: 0,
      checksum: deployment.checksum,
      version: deployment.version,
      timestamp: 1793188800,
      booted: deployment.booted,
      staged: deployment.staged,
      pinned: false,
      unlocked: deployment.unlocked ?? "none",
      "container-image-reference": deployment.reference,
      "container-image-reference-digest": deployment.digest,
      "requested-packages": deployment.layered ?? [],
      packages: deployment.layered ?? [],
      "base-commit-meta": {},
    })),
    transaction: null,
    "cached-update": null,
    "update-driver": null,
  };
}
