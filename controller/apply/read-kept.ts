// The reading of what a new template keeps: the traits of the templates that MachineSets name at present.
import { type KeepInput, type Kept, keep, type PresentTemplate } from "../decide/keep.ts";
import type { VSphereProvider } from "../decide/machine-set.ts";
import { isGone, VimFault } from "../vsphere/fault.ts";
import { findVirtualMachines } from "../vsphere/inventory.ts";
import type { Session } from "../vsphere/session.ts";
import { readTraits, type Traits } from "../vsphere/traits.ts";

/**
 * To be asked before a template is imported or cloned, with the provider specs of all MachineSets of its place; read-only. Of a present
 * template that is gone, or whose name means several, there is nothing to keep; one that may not be read is told of with what is
 * not kept. Throws VimFault.
 */
export async function readKept(
  session: Session,
  asked: { template: KeepInput["template"]; providers: readonly VSphereProvider[] },
): Promise<Kept> {
  const named = new Map(asked.providers.map((provider) => [keyOf(provider), provider]));
  const present: PresentTemplate[] = [];
  const unread: Kept["notKept"] = [];
  for (const provider of named.values()) {
    const { template } = provider;
    const read = await readPresent(session, provider);
    if (typeof read === "string")
      unread.push({ template, what: [`whatever it has, since it cannot be read (${read})`] });
    else if (read !== null) present.push({ template, ...read });
  }
  const kept = keep({ ...asked, present });
  return { ...kept, notKept: [...kept.notKept, ...unread] };
}

function keyOf({ workspace, template }: VSphereProvider): string {
  return JSON.stringify([workspace?.datacenter, template]);
}

/** Its traits; null if there is none, why if it may not be read. */
async function readPresent(session: Session, provider: VSphereProvider): Promise<Traits | string | null> {
  const { template, workspace } = provider;
  try {
    const found = await findVirtualMachines(session, workspace?.datacenter ?? "", template);
    const [only] = found;
    return only === undefined || found.length > 1 ? null : await readTraits(session, only);
  } catch (thrown) {
    if (isGone(thrown)) return null;
    if (thrown instanceof VimFault && thrown.fault === "NoPermission") return thrown.message;
    throw thrown;
  }
}
