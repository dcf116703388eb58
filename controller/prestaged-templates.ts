// The pre-staged templates: what the vCenters are asked of them for each MachineSet, and what came of it.
import { type BootImageTarget, isImported, type PrestagedImage } from "./decide/boot-image.ts";
import type { Decision } from "./decide/decision.ts";
import type { MachineSetInput } from "./decide/machine-set-state.ts";
import type { Place } from "./decide/place.ts";
import { prestagedPath, prestagedTemplate } from "./decide/prestaged-template.ts";
import type { NamedTemplate } from "./findings.ts";
import type { Survey } from "./survey.ts";

interface Asking {
  target: Decision<BootImageTarget>;
  place: Decision<Place>;
}

/** The template that is to be looked for; none where the image is imported. */
export function prestagedNames(asking: Asking): NamedTemplate[] {
  const asked = askedOf(asking);
  return asked?.path.ok ? [nameOf(asked.place, asked.path.value)] : [];
}

/** What was found of it; null where the image is imported. */
export function foundPrestaged(asking: Asking, { now }: Pick<Survey, "now">): MachineSetInput["prestaged"] {
  const asked = askedOf(asking);
  if (asked === null || !asked.path.ok) return asked?.path.ok === false ? asked.path : null;
  const { image, place, path } = asked;
  return prestagedTemplate(image, place, { path: path.value, found: now(nameOf(place, path.value)) });
}

function askedOf({ target, place }: Asking): { image: PrestagedImage; place: Place; path: Decision<string> } | null {
  if (!target.ok || !place.ok || isImported(target.value)) return null;
  return { image: target.value, place: place.value, path: prestagedPath(target.value.template, place.value) };
}

function nameOf({ server, datacenter }: Place, template: string): NamedTemplate {
  return { server, datacenter, template };
}
