// The ownership of a template: what is ours to use, to rename and to remove.
import type { TemplateFacts } from "../vsphere/template.ts";

/**
 * Whether it is ours. Its markers alone do not say so: every worker cloned from our template inherits them. So it must also bear
 * one of the names in its own marker, and be a template or powered off.
 */
export function isOurs(facts: TemplateFacts, cluster: string): boolean {
  const { markers, name, isTemplate, poweredOn } = facts;
  if (markers === null || markers.cluster !== cluster) return false;
  return (name === markers.name || name === markers.temp) && (isTemplate || !poweredOn);
}

/** Whether it is a finished template of the release, whoever made it: then it is used as it is. */
export function isTemplateOf(facts: TemplateFacts, release: string): boolean {
  return facts.isTemplate && facts.productVersion === release;
}
