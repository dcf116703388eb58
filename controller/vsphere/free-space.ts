// The free space of a datastore, held against what a template takes of it.
import { z } from "zod";
import { type Reference, readAnswer } from "./answer.ts";
import type { DiskProvisioning } from "./import-spec.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";

export interface Space {
  /** The datastore's name. */
  name: string;
  freeBytes: number;
}

/** Throws VimFault. */
export async function readSpace(session: Session, datastore: Reference): Promise<Space> {
  const read = await readProperties(session, datastore, Object.keys(SpaceRead.shape));
  const facts = readAnswer(SpaceRead, read, `Datastore ${datastore.value} at vCenter ${session.server}`);
  return { name: facts.name, freeBytes: facts["summary.freeSpace"] };
}

const SpaceRead = z.object({ name: z.string(), "summary.freeSpace": z.coerce.number() });

/** For what stands beside the disk: configuration, NVRAM, logs. */
const besideBytes = 256 << 20;

/**
 * The bytes that a disk takes at the least: its capacity if that is given to it at once; else the bytes that are sent, since those of
 * a thin disk are known only when they are written.
 */
export function leastBytes(disk: {
  fileBytes: number;
  capacityBytes: number;
  diskProvisioning: DiskProvisioning | undefined;
}): number {
  const { fileBytes, capacityBytes, diskProvisioning } = disk;
  const whole = diskProvisioning === "thick" || diskProvisioning === "eagerZeroedThick";
  return (whole ? Math.max(capacityBytes, fileBytes) : fileBytes) + besideBytes;
}
