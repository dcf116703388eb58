// The extent of a VM or template: what a copy of it takes of a datastore, and asks of a host.
import { z } from "zod";
import { type Reference, readAnswer } from "./answer.ts";
import { diskBytes } from "./devices.ts";
import { hardwareNumber } from "./hardware.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";

export interface Extent {
  /** What it has written on datastores; 0 if vCenter does not say. */
  fileBytes: number;
  /** Of all disks. */
  capacityBytes: number;
  /** 21 of `vmx-21`; null if it is not known. */
  hardware: number | null;
}

/** Throws VimFault. */
export async function readExtent(session: Session, vm: Reference): Promise<Extent> {
  const [read, disks] = await Promise.all([
    readProperties(session, vm, Object.keys(ExtentRead.shape)),
    diskBytes(session, vm),
  ]);
  const facts = readAnswer(ExtentRead, read, `Extent of ${vm.value} at vCenter ${session.server}`);
  return {
    fileBytes: facts["summary.storage.committed"],
    capacityBytes: disks.reduce((sum, bytes) => sum + bytes, 0),
    hardware: hardwareNumber(facts["config.version"] ?? ""),
  };
}

const ExtentRead = z.object({
  "summary.storage.committed": z.coerce.number().default(0),
  "config.version": z.string().optional(),
});
