// The OS image that a node's pool asks for, and whether the node is on its way to it.
import type { Reason } from "../../common/reasons.ts";
import { type Decision, decided, refused } from "./decision.ts";
import type { MachineConfigAnnotations } from "./machine-config.ts";
import type { Pool } from "./pool.ts";

export interface OSImageSources {
  /** `spec.osImageURL` of the rendered MachineConfigs by name. */
  machineConfigs: ReadonlyMap<string, string>;
  /** `spec.machineConfigPool.name` and `status.currentImagePullSpec` of the MachineOSConfigs. */
  machineOSConfigs: readonly { pool: string; image: string | null }[];
}

export interface ExpectedOSImage {
  pullSpec: string;
  /** `sha256:<64 hex>`. */
  digest: string;
  /** The object that says so. */
  source: string;
}

/**
 * The image of a layered node (its currentImage, which `transition` has held against its pool's MachineOSConfig), else
 * that of the rendered MachineConfig in its currentConfig. `NoExpectation` where that is not pinned by digest.
 */
export function expectedOSImage(node: MachineConfigAnnotations, sources: OSImageSources): Decision<ExpectedOSImage> {
  if (node.currentImage !== "") return pinned(node.currentImage, "the node's currentImage");
  const source = `MachineConfig ${node.currentConfig}`;
  const pullSpec = sources.machineConfigs.get(node.currentConfig);
  if (pullSpec === undefined) return refused("NoExpectation", `${source} does not exist: look at the node's pool.`);
  return pinned(pullSpec, source);
}

/**
 * Why the node is not to be held to its pool's image at present; undefined when it is. `pool` is null where it is
 * ambiguous. A Degraded or Unreconcilable
 * node whose current and desired configuration are one is not on its way anywhere: the daemon ends up in that state
 * by itself when it finds another image booted than it expects.
 */
export function transition(
  node: MachineConfigAnnotations,
  pool: Pool | null,
  sources: Pick<OSImageSources, "machineOSConfigs">,
): { reason: Reason; message: string } | undefined {
  const atRest = ["Done", "Degraded", "Unreconcilable"].includes(node.state);
  if (!atRest || node.currentConfig !== node.desiredConfig || node.currentImage !== node.desiredImage) {
    const why = node.reason === "" ? "" : ` (${node.reason.slice(0, 200)})`;
    return { reason: "NodeUpdating", message: `State ${node.state || "unknown"}${why}, to ${node.desiredConfig}.` };
  }
  if (pool === null) return undefined;
  const layered = sources.machineOSConfigs.find((config) => config.pool === pool.name)?.image ?? "";
  const behind =
    layered !== "" && !isSameImage(layered, node.currentImage)
      ? { asked: layered, has: node.currentImage || "no layered image" }
      : { asked: pool.configuration ?? node.currentConfig, has: node.currentConfig };
  if (behind.asked === behind.has) return undefined;
  const reason = pool.paused ? "PoolPaused" : "WaitingForPool";
  return { reason, message: `Pool ${pool.name} asks for ${behind.asked}, the node has ${behind.has}.` };
}

/** The digest of a pull spec that is pinned by one. */
export function digestOf(pullSpec: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(pullSpec)?.[1];
}

function isSameImage(one: string, other: string): boolean {
  return (digestOf(one) ?? one) === (digestOf(other) ?? other);
}

function pinned(pullSpec: string, source: string): Decision<ExpectedOSImage> {
  const digest = digestOf(pullSpec);
  if (digest !== undefined) return decided({ pullSpec, digest, source });
  return refused(
    "NoExpectation",
    `${source} names ${pullSpec.slice(0, 200) || "no image"}, which is not pinned by digest.`,
  );
}
