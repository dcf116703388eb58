// The ownership of a template: what is ours to use, to rename and to remove.
import type { TemplateFacts } from "../vsphere/template.ts";

/** Who owns templates: a cluster, and the virtual machines that are its Machines. */
export interface Owner {
  infrastructureName: string;
  /** Whether some Machine of the cluster has the VM's name, instanceUuid or BIOS UUID (which its providerID names). */
  isMachine: (vm: Pick<TemplateFacts, "name" | "instanceUuid" | "biosUuid">) => boolean;
}

/**
 * Whether it is ours. Its markers alone do not say so: every worker cloned from our template inherits them. So it must also bear
 * one of the names in its own marker, be a template or powered off, and be no Machine.
 */
export function isOurs(facts: TemplateFacts, owner: Owner): boolean {
  const { markers, name, isTemplate, poweredOn } = facts;
  if (markers === null || markers.cluster !== owner.infrastructureName || owner.isMachine(facts)) return false;
  return (name === markers.name || name === markers.temp) && (isTemplate || !poweredOn);
}

/**
 * Whether it is a finished template of the image, to be used as it is. One of ours says which image it was made from;
 * of somebody else's only the release is known.
 */
export function isUsable(facts: TemplateFacts, image: { release: string; sha256: string }, owner: Owner): boolean {
  if (!isTemplateOf(facts, image.release)) return false;
  return !isOurs(facts, owner) || facts.markers?.sha256 === image.sha256.toLowerCase();
}

/** Whether it is a finished template of the release, whoever made it. */
export function isTemplateOf(facts: TemplateFacts, release: string): boolean {
  return facts.isTemplate && facts.productVersion === release;
}
