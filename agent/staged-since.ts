// Since when a deployment waits for a reboot, by the marks that libostree leaves.
import { stat } from "node:fs/promises";
import { join } from "node:path";

/**
 * The first is written when a deployment is staged, and is gone after the boot; a rollback stages nothing, but like every change of the
 * deployments it sets the time of the second.
 */
const marks = ["run/ostree/staged-deployment", "ostree/deploy"];

/** Seconds since the epoch, the same after a restart of the agent; null where neither mark is there. */
export async function stagedSince(root: string): Promise<number | null> {
  for (const mark of marks) {
    const found = await stat(join(root, mark)).catch(() => null);
    if (found !== null) return found.mtimeMs / 1000;
  }
  return null;
}
