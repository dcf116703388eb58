// The traits of a template: what its successor should have, too, and what it cannot have.
import { z } from "zod";
import { listOf, type Reference, readAnswer } from "./answer.ts";
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
  const paths = [...Object.keys(Config.shape), snapshotPath];
  const [read, permissions] = await Promise.all([
    readProperties(session, reference, paths),
    readPermissions(session, reference),
  ]);
  const config = readAnswer(Config, read, what);
  const disks = config["config.hardware.device"].flatMap(({ backing }) => (backing?.fileName ? [backing] : []));
  const last = disks.filter(({ diskMode }) => diskMode !== undefined).at(-1);
  return {
    diskProvisioning: last === undefined ? null : provisioningOf(last),
    hardware: hardwareNumber(config["config.version"] ?? ""),
    snapshots: snapshotsOf(read, what),
    encrypted: config["config.keyId"] !== undefined || disks.some(({ keyId }) => keyId !== undefined),
    customAttributes: attributeNames(config),
    permissions,
  };
}

interface Backing {
  fileName?: string | undefined;
  diskMode?: string | undefined;
  thinProvisioned?: boolean | undefined;
  eagerlyScrub?: boolean | undefined;
  keyId?: unknown;
  parent?: Backing | undefined;
}

const Backing: z.ZodType<Backing> = z.lazy(() =>
  z.object({
    fileName: z.string().optional(),
    diskMode: z.string().optional(),
    thinProvisioned: z.stringbool().optional(),
    eagerlyScrub: z.stringbool().optional(),
    keyId: z.unknown().optional(),
    parent: Backing.optional(),
  }),
);

const Config = z.object({
  "config.version": z.string().optional(),
  "config.keyId": z.unknown().optional(),
  "config.hardware.device": listOf(z.object({ backing: Backing.optional().catch(undefined) })),
  customValue: listOf(z.object({ key: z.string(), value: z.string().catch("") })),
  availableField: listOf(z.object({ key: z.string(), name: z.string() })),
});

/** A snapshot puts a delta over the disk: how that is laid out says nothing of the disk. */
function provisioningOf(backing: Backing): DiskProvisioning | null {
  if (backing.parent !== undefined) return provisioningOf(backing.parent);
  if (backing.thinProvisioned === true) return "thin";
  if (backing.eagerlyScrub === true) return "eagerZeroedThick";
  return backing.thinProvisioned === false ? "thick" : null;
}

function attributeNames({ customValue, availableField }: z.output<typeof Config>): string[] {
  const names = new Map(availableField.map(({ key, name }) => [key, name]));
  return customValue.filter(({ value }) => value !== "").map(({ key }) => names.get(key) ?? `number ${key}`);
}

/** Those that stand at the object itself. Whoever may not ask for them cannot give them either. */
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
