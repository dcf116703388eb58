// The template at a further place of a vCenter: a clone of a finished one, or a second import where no host can copy it.
import { failureOf } from "../../common/failure.ts";
import type { Reference } from "../vsphere/answer.ts";
import { copyLack, isOutOfReach } from "../vsphere/copy.ts";
import { diskBytes } from "../vsphere/devices.ts";
import { lookAtPlace } from "../vsphere/place.ts";
import type { Session } from "../vsphere/session.ts";
import { cloneTemplate } from "./clone-template.ts";
import type { Context } from "./context.ts";
import type { MadeTemplate } from "./finish-template.ts";
import { type ImportTemplateRequest, importTemplate } from "./import-template.ts";

export interface FurtherTemplateRequest extends ImportTemplateRequest {
  /** A finished template of the release in the same vCenter. */
  source: Reference;
}

/** Makes the template, or finds it made; `bytes` tells whether the image was uploaded again. Throws OvaError and VimFault. */
export async function makeFurtherTemplate(
  session: Session,
  request: FurtherTemplateRequest,
  context: Context,
): Promise<MadeTemplate> {
  const lack = await cloneLack(session.under(context.signal), request);
  if (lack === null) {
    try {
      return await cloneTemplate(session, request, context);
    } catch (thrown) {
      if (!isOutOfReach(thrown)) throw thrown;
      return await uploadAgain(failureOf(thrown).message);
    }
  }
  return await uploadAgain(`${lack}.`);

  async function uploadAgain(why: string): Promise<MadeTemplate> {
    const { place, finalName } = request;
    const message = `${finalName} in ${place.folder} of vCenter ${session.server} cannot be cloned, and is uploaded: ${why}`;
    context.onNotice({ type: "Normal", reason: "ClonedByUpload", message });
    return await importTemplate(session, request, context);
  }
}

/** Why the source cannot be cloned to the place; null if it can. Throws VimFault. */
async function cloneLack(
  session: Session,
  { source, place, keep }: Pick<FurtherTemplateRequest, "source" | "place" | "keep">,
): Promise<string | null> {
  const most = keep?.mostDiskBytes ?? Number.POSITIVE_INFINITY;
  // It may have been grown for linked clones of its own place.
  const largest = Math.max(0, ...(await diskBytes(session, source)));
  if (largest > most) return `the disk to clone has ${largest} bytes, MachineSets of the place want ${most}`;
  const { whole } = await lookAtPlace(session, place);
  // What the place lacks is told with all else that is wrong.
  return whole === null ? null : await copyLack(session, source, whole);
}
