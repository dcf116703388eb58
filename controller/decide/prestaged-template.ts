// The pre-staged template: one that an admin has made of the image, to be used as it is where it is fit.
import type { PrestagedImage } from "./boot-image.ts";
import { type Decision, decided, type Refusal, refused } from "./decision.ts";
import type { TemplateNow } from "./machine-set-state.ts";
import type { Place } from "./place.ts";
import type { TemplateFacts } from "./steps.ts";

/**
 * Where it is for MachineSets of the place: a relative path stands below the VM folder of their datacenter, an absolute
 * one is of one datacenter, and `PrestagedElsewhere` for those of others.
 */
export function prestagedPath(template: string, { datacenter }: Pick<Place, "datacenter">): Decision<string> {
  const root = `/${datacenter}/vm/`;
  if (!template.startsWith("/")) return decided(`${root}${template}`);
  if (template.startsWith(root)) return decided(template);
  const message =
    `Template ${template} of spec.imageSource is in another datacenter than this MachineSet's ${datacenter}: give its ` +
    "path relative to the VM folder, and each datacenter one.";
  return refused("PrestagedElsewhere", message);
}

/** `found`: what vCenter has at its path, or why that is not known. `PrestagedMissing`, `PrestagedMismatch`. */
export function prestagedTemplate(
  image: PrestagedImage,
  { server, key }: Pick<Place, "server" | "key">,
  { path, found }: { path: string; found: Decision<TemplateNow> },
): Decision<TemplateFacts> {
  if (!found.ok) return found;
  const { exists, isTemplate, release, ours } = found.value;
  const where = `Template ${path} of vCenter ${server}, which spec.imageSource names,`;
  if (!exists) return missing(`${where} does not exist: make it, or name another one.`);
  if (isTemplate === false) return missing(`${where} is a virtual machine: convert it to a template.`);
  if (release !== image.release) {
    const has = release === null ? "has no product version" : `has ${release}`;
    return refused("PrestagedMismatch", `${where} ${has}; wanted is ${image.release}: name a template of that.`);
  }
  return decided({ server, place: key, image, name: path.slice(path.lastIndexOf("/") + 1), path, release, ours });
}

function missing(message: string): Refusal {
  return refused("PrestagedMissing", message);
}
