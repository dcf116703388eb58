// The copy of a disk: laid out in another way than the disk it is made from.
import type { Reference } from "./answer.ts";
import { disksOf, disksPath } from "./disk.ts";
import { element, referenceElement, typedElement, type Xml } from "./element.ts";
import type { DiskProvisioning } from "./import-spec.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";

/**
 * The fields `disk` of a relocate spec that lay every disk of the source out like that on the datastore; none where nothing is
 * wanted: then a copy is laid out as its source. Throws VimFault.
 */
export async function diskCopies(
  session: Session,
  source: Reference,
  { datastore, layout }: { datastore: Reference; layout: DiskProvisioning | undefined },
): Promise<Xml[]> {
  if (layout === undefined) return [];
  const read = await readProperties(session, source, [disksPath]);
  const disks = disksOf(read, `Disks of ${source.value} at vCenter ${session.server}`);
  // The file's name is vCenter's to choose, but the API wants the field.
  const backing = typedElement("diskBackingInfo", "VirtualDiskFlatVer2BackingInfo", [
    element("fileName", ""),
    element("diskMode", "persistent"),
    element("thinProvisioned", layout === "thin"),
    element("eagerlyScrub", layout === "eagerZeroedThick"),
  ]);
  return disks.map(({ key }) =>
    element("disk", [element("diskId", key), referenceElement("datastore", datastore), backing]),
  );
}
