// The traits of a template: what its successor should have, too, and what it cannot have.
import { z } from "zod";
import { listOf, type Reference, readAnswer } from "./answer.ts";
import { disksOf, disksPath, provisioningOf } from "./disk.ts";
import { element, referenceElement } from "./element.ts";
import { VimFault } from "./fault.ts";
import { hardwareNumber } from "./hardware.ts";
import type { DiskProvisioning } from "./import-spec.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";
import { type Snapshots, snapshotPath, snapshotsOf } from "./snapshot.ts";

export interface Traits {
  /** Of its last disk; null where vCenter does not say. */
  diskProvisioning: DiskProvisioning | null;
  /** Of its last disk; null where it has none. */
  diskBytes: number | null;
  /** 21 of `vmx-21`; null if it is not known. */
  hardware: number | null;
  snapshots: Snapshots;
  encrypted: boolean;
  /** Names of the custom attributes that have a value. */
  customAttributes: string[];
  /** Who has permissions on the template itself; empty where the account may not ask. */
  permissions: string[];
}

/** Reads them, by property: never the whole configuration, which may hold secrets. Throws VimFault. */
export async function readTraits(session: Session, reference: Reference): Promise<Traits> {
  const what = `Virtual machine ${reference.value} at vCenter ${session.server}`;
  const paths = [...Object.keys(Config.shape), disksPath, snapshotPath];
  const read = await readProperties(session, reference, paths);
  const permissions = await readPermissions(session, reference);
  const config = readAnswer(Config, read, what);
  const disks = disksOf(read, what);
  const last = disks.at(-1);
  return {
    diskProvisioning: last === undefined ? null : provisioningOf(last),
    diskBytes: last?.capacityInKB === undefined ? null : last.capacityInKB * 1024,
    hardware: hardwareNumber(config["config.version"] ?? ""),
    snapshots: snapshotsOf(read, what),
    encrypted: config["config.keyId"] !== undefined || disks.some(({ backing }) => backing.keyId !== undefined),
    customAttributes: attributeNames(config),
    permissions,
  };
}

const Config = z.object({
  "config.version": z.string().optional(),
  "config.keyId": z.unknown().optional(),
  customValue: listOf(z.object({ key: z.string(), value: z.string().catch("") })),
  availableField: listOf(z.object({ key: z.string(), name: z.string() })),
});

function attributeNames({ customValue, availableField }: z.output<typeof Config>): string[] {
  const names = new Map(availableField.map(({ key, name }) => [key, name]));
  return customValue.filter(({ value }) => value !== "").map(({ key }) => names.get(key) ?? `number ${key}`);
}

/** Those that stand at the object itself. Whoever may not ask for them could not give them either. */
async function readPermissions(session: Session, reference: Reference): Promise<string[]> {
  const on = session.content.authorizationManager;
  if (on === undefined) return [];
  const fields = [referenceElement("entity", reference), element("inherited", false)];
  try {
    const { value } = await session.call("RetrieveEntityPermissions", { on, fields });
    const what = `Permissions of ${reference.value} at vCenter ${session.server}`;
    return readAnswer(Permissions, value, what).map(({ principal }) => principal);
  } catch (thrown) {
    if (thrown instanceof VimFault && thrown.fault === "NoPermission") return [];
    throw thrown;
  }
}

const Permissions = listOf(z.object({ principal: z.string() }));
