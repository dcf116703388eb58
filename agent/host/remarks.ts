// The remarks: what a person should know of a booted or staged deployment, in the same words whatever it was read from.
import type { Deployment } from "../../common/report.ts";
import { pinnedDigest } from "./image-digest.ts";

/** How the warning begins that a staged update was lost at the last reboot. */
export const failedFinalization = "failed to finalize previous deployment";

interface Remarkable {
  deployment: Deployment;
  /** A reboot does not finalize it. */
  locked?: boolean;
  endOfLife?: string | null | undefined;
}

export function remarksOn({ deployment, locked = false, endOfLife }: Remarkable): string[] {
  const named = deployment.booted ? "booted" : deployment.staged ? "staged" : null;
  if (named === null) return [];
  const reference = pinnedDigest(deployment.image);
  return [
    ...(locked ? [`${named}: locked, a reboot does not finalize it`] : []),
    ...(endOfLife ? [`${named}: end of life: ${endOfLife}`] : []),
    ...(reference !== null && reference !== deployment.digest ? [`${named}: digest is not the reference's`] : []),
  ];
}
