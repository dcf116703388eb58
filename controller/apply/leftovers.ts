// The leftovers of imports and clones that did not come to their end: of an earlier run, or for an earlier release.

import type { Reference } from "../vsphere/answer.ts";
import { isGone } from "../vsphere/fault.ts";
import { findByPath } from "../vsphere/inventory.ts";
import { readBelow } from "../vsphere/properties.ts";
import type { Session } from "../vsphere/session.ts";
import { destroy, readTemplate } from "../vsphere/template.ts";
import { isTemporaryName } from "./names.ts";
import { isOurs, type Owner } from "./ownership.ts";

/**
 * Removes from the folder what is ours and still bears the temporary name in its own marker. To be called while nothing
 * of this cluster is being imported or cloned there. Throws VimFault.
 */
export async function removeLeftovers(session: Session, folderPath: string, owner: Owner): Promise<void> {
  const folder = await findByPath(session, folderPath);
  if (folder === null) return;
  const below = await readBelow(session, folder, { type: "VirtualMachine", paths: ["name"] });
  for (const { reference, properties } of below) {
    if (typeof properties.name === "string" && isTemporaryName(properties.name))
      await removeLeftover(session, reference, owner);
  }
}

async function removeLeftover(session: Session, reference: Reference, owner: Owner): Promise<void> {
  try {
    const facts = await readTemplate(session, reference);
    if (!isOurs(facts, owner) || facts.name !== facts.markers?.temp) return;
    session.log.info({ server: session.server, path: facts.path }, "Removing an unfinished template of ours.");
    await destroy(session, reference);
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown;
  }
}
