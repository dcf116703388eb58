// The reading of what a new template keeps: the traits of the templates that MachineSets name at present.
import { failureOf } from "../../common/failure.ts";
import { type KeepInput, type Kept, keep, type PresentTemplate } from "../decide/keep.ts";
import type { VSphereProvider } from "../decide/machine-set.ts";
import type { Reference } from "../vsphere/answer.ts";
import { isGone, VimFault } from "../vsphere/fault.ts";
import { findVirtualMachines } from "../vsphere/inventory.ts";
import type { Session } from "../vsphere/session.ts";
import { readTraits } from "../vsphere/traits.ts";

/**
 * To be asked before a template is imported or cloned, with the provider specs of all MachineSets of its place. A present template
 * that is gone, or whose name means several, is left out; read-only. Throws VimFault.
 */
export async function readKept(
  session: Session,
  asked: { template: KeepInput["template"]; providers: readonly VSphereProvider[] },
): Promise<Kept> {
  const named = new Map(asked.providers.map((provider) => [keyOf(provider), provider]));
  const present: PresentTemplate[] = [];
  for (const provider of named.values()) present.push(...(await readPresent(session, provider)));
  return keep({ ...asked, present });
}

function keyOf({ workspace, template }: VSphereProvider): string {
  return JSON.stringify([workspace?.datacenter, template]);
}

async function readPresent(session: Session, { workspace, template }: VSphereProvider): Promise<PresentTemplate[]> {
  const found = await findVirtualMachines(session, workspace?.datacenter ?? "", template);
  const [only] = found;
  if (only === undefined || found.length > 1) return [];
  return await traitsOf(session, only, template);
}

async function traitsOf(session: Session, reference: Reference, template: string): Promise<PresentTemplate[]> {
  try {
    return [{ template, ...(await readTraits(session, reference)) }];
  } catch (thrown) {
    const mayNot = thrown instanceof VimFault && thrown.fault === "NoPermission";
    if (!isGone(thrown) && !mayNot) throw thrown;
    const fields = { server: session.server, template, ...failureOf(thrown) };
    session.log.warn(fields, "The present template cannot be read: nothing of it is kept.");
    return [];
  }
}
