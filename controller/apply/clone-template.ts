// The clone of a finished template to a further place of the same vCenter.
import type { Reference } from "../vsphere/answer.ts";
import { cloneVirtualMachine } from "../vsphere/clone.ts";
import { diskBytes } from "../vsphere/devices.ts";
import { readExtent } from "../vsphere/extent.ts";
import { VimFault } from "../vsphere/fault.ts";
import type { SeenPlace } from "../vsphere/place.ts";
import type { Session } from "../vsphere/session.ts";
import { readTemplate } from "../vsphere/template.ts";
import type { Context } from "./context.ts";
import type { MadeTemplate } from "./finish-template.ts";
import { type Maker, makeTemplate, type Order } from "./make-template.ts";
import { isOurs, isUsable } from "./ownership.ts";
import { preflight } from "./preflight.ts";
import { tellOnce } from "./tell-once.ts";

export interface CloneTemplateRequest extends Order {
  /** A finished template of the release. */
  source: Reference;
}

/** Makes the template by a clone, or finds it made; otherwise like an import. Throws VimFault. */
export async function cloneTemplate(
  session: Session,
  request: CloneTemplateRequest,
  teller: Context,
): Promise<MadeTemplate> {
  const context = tellOnce(teller);
  const { source, keep, place: named } = request;
  const diskProvisioning = keep?.diskProvisioning;
  const check = async (making: Session, seen: SeenPlace) => {
    await requireSource(making, request);
    const image = { ...(await readExtent(making, source)), diskProvisioning };
    await preflight(making, { step: "clone", seen, named, keep, needs: image }, context);
  };
  const make: Maker["make"] = async (making, { place, markers, report, begun, born }) => {
    const bytes = await diskBytes(making, source);
    const onProgress = (percent: number) => report({ stage: "Cloning", percent, bytesDone: 0, bytesTotal: null });
    const cloning = { source, name: markers.temp, place, markers, onProgress };
    begun();
    const made = await cloneVirtualMachine(making, { ...cloning, diskProvisioning });
    await born(made);
    await requireDisks(making, made, bytes);
    return { made, bytes: 0 };
  };
  return await makeTemplate(session, [request, context], { check, make });
}

/** The clone carries the image's sha256 in its markers: so its source must be ours and have it. Throws VimFault. */
async function requireSource(session: Session, { source, image, owner }: CloneTemplateRequest): Promise<void> {
  const facts = await readTemplate(session, source);
  if (isOurs(facts, owner) && isUsable(facts, image, owner)) return;
  const what = `${facts.path} of vCenter ${session.server}`;
  throw new VimFault("TemplateInvalid", `${what} is no template of ours of ${image.release}: it is not cloned.`);
}

async function requireDisks(session: Session, made: Reference, wanted: readonly number[]): Promise<void> {
  const bytes = await diskBytes(session, made);
  if (bytes.join() === wanted.join()) return;
  const what = `The clone ${made.value} at vCenter ${session.server} has disks of ${bytes.join(", ") || "no"} bytes`;
  throw new VimFault("TemplateInvalid", `${what}, its source of ${wanted.join(", ")}: it is removed.`);
}
