// The end of a template of ours: removed with its disks, if it still is what the decision was made about.
import type { Reference } from "../vsphere/answer.ts";
import type { Session } from "../vsphere/session.ts";
import type { TemplateFacts } from "../vsphere/template.ts";
import { isOurs, type Owner } from "./ownership.ts";
import { remove } from "./removal.ts";

/** What was known of the template when it was decided that it may go. */
export interface Retired {
  reference: Reference;
  name: string;
  path: string;
  release: string;
}

/**
 * Asks vCenter about it once more, then the cluster (`owner` resolves with null if it keeps it), right before it goes, and tries
 * once: who tries again decides anew first. False if it may not go any more; one that is gone is no failure. Throws VimFault, and
 * what `owner` throws; `isLocked` where something is being cloned from it.
 */
export async function retireTemplate(
  session: Session,
  retired: Retired,
  owner: () => Promise<Owner | null>,
): Promise<boolean> {
  const mayGo = async (facts: TemplateFacts) => {
    const now = await owner();
    return now !== null && mayRetire(facts, retired, now);
  };
  return await remove(session, retired.reference, { mayGo, patience: 0 });
}

/** Only a finished template of ours under its final name, where it was and with the content that its markers say. */
export function mayRetire(facts: TemplateFacts, retired: Omit<Retired, "reference">, owner: Owner): boolean {
  const { markers, name, path, isTemplate, productVersion } = facts;
  if (!isOurs(facts, owner) || !isTemplate || markers === null) return false;
  const isSame = name === retired.name && path === retired.path && markers.release === retired.release;
  return isSame && name === markers.name && (productVersion === null || productVersion === markers.release);
}
