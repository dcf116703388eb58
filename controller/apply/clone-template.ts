// The clone of a finished template to a further place of the same vCenter.
import type { Reference } from "../vsphere/answer.ts";
import { cloneVirtualMachine } from "../vsphere/clone.ts";
import { VimFault } from "../vsphere/fault.ts";
import { type Place, resolvePlace } from "../vsphere/place.ts";
import type { Session } from "../vsphere/session.ts";
import { readTemplate } from "../vsphere/template.ts";
import { type Context, reporter } from "./context.ts";
import { finishTemplate, type MadeTemplate, madeTemplate } from "./finish-template.ts";
import { orCleanUp } from "./import-template.ts";
import { removeLeftovers } from "./leftovers.ts";
import { chooseName, freeTemporaryName, type Naming } from "./names.ts";
import { isOurs, isUsable, type Owner } from "./ownership.ts";

export interface CloneTemplateRequest {
  /** A finished template of the release. */
  source: Reference;
  /** `sha256` in hex: of the OVA that the source was made from. */
  image: { release: string; sha256: string };
  owner: Owner;
  place: Place;
  finalName: string;
}

/** Makes the template by a clone, or finds it made; otherwise like an import. Throws VimFault. */
export async function cloneTemplate(
  base: Session,
  request: CloneTemplateRequest,
  context: Context,
): Promise<MadeTemplate> {
  const session = base.under(context.signal);
  const { source, owner, image } = request;
  const { release } = image;
  const place = await resolvePlace(session, request.place);
  const naming: Naming = { owner, image, folderPath: place.folderPath, finalName: request.finalName };
  const { name, existing } = await chooseName(session, naming);
  if (existing !== null) return madeTemplate(existing, { release, reused: true, bytes: 0 });
  await requireSource(session, request);
  await removeLeftovers(session, place.folderPath, owner);
  const temp = await freeTemporaryName(session, naming);
  const markers = { cluster: owner.infrastructureName, release, sha256: image.sha256.toLowerCase(), name, temp };
  const report = reporter(context, { server: session.server, path: `${place.folderPath}/${name}` });
  const onProgress = (percent: number) => report({ stage: "Cloning", percent, bytesDone: 0, bytesTotal: null });
  return await orCleanUp(base, { naming, temp }, async () => {
    const made = await cloneVirtualMachine(session, { source, name: temp, place, markers, onProgress });
    return madeTemplate(await finishTemplate(session, made, markers), { release, reused: false, bytes: 0 });
  });
}

/** The clone carries the image's sha256 in its markers: so its source must be ours and have it. Throws VimFault. */
async function requireSource(session: Session, { source, image, owner }: CloneTemplateRequest): Promise<void> {
  const facts = await readTemplate(session, source);
  if (isOurs(facts, owner) && isUsable(facts, image, owner)) return;
  const what = `${facts.path} of vCenter ${session.server}`;
  throw new VimFault("TemplateInvalid", `${what} is no template of ours of ${image.release}: it is not cloned.`);
}
