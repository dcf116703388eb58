// The import of a boot image: from a URL to a template under its final name, or nothing at all.
import { failureOf } from "../../common/failure.ts";
import type { DiskProvisioning } from "../vsphere/import-spec.ts";
import { type Place, resolvePlace } from "../vsphere/place.ts";
import type { Session } from "../vsphere/session.ts";
import { type Context, reporter } from "./context.ts";
import { finishTemplate, type MadeTemplate, madeTemplate } from "./finish-template.ts";
import { removeLeftovers } from "./leftovers.ts";
import { chooseName, freeTemporaryName, type Naming, removeOurs } from "./names.ts";
import type { Owner } from "./ownership.ts";
import { transferImage } from "./transfer.ts";

const cleanUpMilliseconds = 120_000;

export interface ImportTemplateRequest {
  image: {
    release: string;
    url: string;
    /** hex */
    sha256: string;
    /** PEM bundle for the image's server; the system's roots if left out. */
    ca?: string | undefined;
    /** Deadline for a silent server; 60,000 if left out. */
    stallMilliseconds?: number | undefined;
  };
  owner: Owner;
  place: Place;
  /** At most 80 characters; should it be taken by something else, `-2`, `-3`, … is added. */
  finalName: string;
  diskProvisioning?: DiskProvisioning | undefined;
}

/**
 * Makes the template, or finds it made. After a failure nothing of ours is left (unless vCenter could not be reached to remove it:
 * then the next run does), and nothing of others was touched.
 * Throws OvaError and VimFault; the session stays usable unless it was lost.
 */
export async function importTemplate(
  base: Session,
  request: ImportTemplateRequest,
  context: Context,
): Promise<MadeTemplate> {
  const session = base.under(context.signal);
  const { image, owner } = request;
  const { release, sha256 } = image;
  const place = await resolvePlace(session, request.place);
  const naming: Naming = { owner, image, folderPath: place.folderPath, finalName: request.finalName };
  const { name, existing } = await chooseName(session, naming);
  if (existing !== null) return madeTemplate(existing, { release, reused: true, bytes: 0 });
  await removeLeftovers(session, place.folderPath, owner);
  const temp = await freeTemporaryName(session, naming);
  const markers = { cluster: owner.infrastructureName, release, sha256: sha256.toLowerCase(), name, temp };
  const report = reporter(context, { server: session.server, path: `${place.folderPath}/${name}` });
  const { diskProvisioning } = request;
  return await orCleanUp(base, { naming, temp }, async () => {
    const { made, bytes } = await transferImage(session, { image, place, markers, diskProvisioning, report });
    return madeTemplate(await finishTemplate(session, made, markers), { release, reused: false, bytes });
  });
}

/** Runs a step that makes a VM under a temporary name; when it fails the VM is removed, with a deadline of its own. */
export async function orCleanUp<Result>(
  base: Session,
  made: { naming: Naming; temp: string },
  step: () => Promise<Result>,
): Promise<Result> {
  try {
    return await step();
  } catch (thrown) {
    const cleaning = base.under(AbortSignal.timeout(cleanUpMilliseconds));
    await removeOurs(cleaning, made.naming, made.temp).catch((failed: unknown) => {
      const fields = { server: base.server, vm: made.temp, ...failureOf(failed) };
      base.log.warn(fields, "The unfinished template could not be removed: the next run removes it.");
    });
    throw thrown;
  }
}
