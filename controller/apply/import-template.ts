// The import of a boot image: from a URL to a template under its final name, or nothing at all.
import { sharedBlocks } from "../../common/shared-blocks.ts";
import type { ImageSource } from "../ova/download.ts";
import type { DiskProvisioning } from "../vsphere/import-spec.ts";
import type { Session } from "../vsphere/session.ts";
import type { Context } from "./context.ts";
import type { MadeTemplate } from "./finish-template.ts";
import { type ImageNeeds, needsOf, openImage } from "./image.ts";
import { makeTemplate, type Order } from "./make-template.ts";
import { preflight } from "./preflight.ts";
import { tellOnce } from "./tell-once.ts";
import { transferImage } from "./transfer.ts";

export interface ImportTemplateRequest extends Order {
  image: Order["image"] & ImageSource;
  /** Left out: as `keep` has it. */
  diskProvisioning?: DiskProvisioning | undefined;
}

/**
 * Makes the template by an import, or finds it made; see `makeTemplate` for what is left after a failure.
 * Throws OvaError and VimFault; the session stays usable unless it was lost.
 */
export async function importTemplate(
  session: Session,
  request: ImportTemplateRequest,
  teller: Context,
): Promise<MadeTemplate> {
  const context = tellOnce(teller);
  const { image, diskProvisioning = request.keep?.diskProvisioning } = request;
  const { place: named, keep } = request;
  return await makeTemplate(session, [request, context], {
    check: (making, seen) => {
      const { spareBlocks } = context;
      const needs = () => readNeeds(image, { diskProvisioning, signal: making.signal, spareBlocks });
      return preflight(making, { step: "import", seen, named, keep, needs }, context);
    },
    make: (making, { begun, born, ...made }) =>
      transferImage(making, { ...made, image, diskProvisioning }, { ...context, begun, born }),
  });
}

interface Reading extends Pick<Context, "spareBlocks"> {
  diskProvisioning: DiskProvisioning | undefined;
  signal: AbortSignal;
}

async function readNeeds(
  image: ImportTemplateRequest["image"],
  { diskProvisioning, signal, spareBlocks }: Reading,
): Promise<ImageNeeds> {
  const blocks = sharedBlocks({ spare: spareBlocks });
  try {
    const opened = await openImage(image, { release: image.release, signal, blocks });
    await opened.close();
    return needsOf(opened, diskProvisioning);
  } finally {
    blocks.close();
  }
}
