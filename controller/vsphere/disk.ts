// The disk of a virtual machine: how it is laid out, and how large it is.
import { z } from "zod";
import { listOf, type Reference, readAnswer } from "./answer.ts";
import { element, typedElement, type Xml } from "./element.ts";
import { VimFault } from "./fault.ts";
import type { DiskProvisioning } from "./import-spec.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";
import { runTask } from "./task.ts";

interface Backing {
  $type?: string | undefined;
  fileName?: string | undefined;
  diskMode?: string | undefined;
  thinProvisioned?: boolean | undefined;
  eagerlyScrub?: boolean | undefined;
  keyId?: unknown;
  parent?: Backing | undefined;
}

const Backing: z.ZodType<Backing> = z.lazy(() =>
  z.object({
    $type: z.string().optional(),
    fileName: z.string().optional(),
    diskMode: z.string().optional(),
    thinProvisioned: z.stringbool().optional(),
    eagerlyScrub: z.stringbool().optional(),
    keyId: z.unknown().optional(),
    parent: Backing.optional(),
  }),
);

const Disk = z.object({
  $type: z.literal("VirtualDisk"),
  key: z.string(),
  backing: Backing,
  controllerKey: z.string().optional(),
  unitNumber: z.string().optional(),
  capacityInKB: z.coerce.number().optional(),
});
export type Disk = z.output<typeof Disk>;

/** The property that `disksOf` reads. It holds the devices of other kinds, too. */
export const disksPath = "config.hardware.device";

/** The disks among properties that were read by `disksPath`, in the order of the devices; `what` names them in an error. */
export function disksOf(properties: Record<string, unknown>, what: string): Disk[] {
  const devices = readAnswer(listOf(z.looseObject({ $type: z.string() })), properties[disksPath], what);
  return devices.filter(({ $type }) => $type === "VirtualDisk").map((device) => readAnswer(Disk, device, what));
}

/** How it is laid out; null where vCenter does not say. */
export function provisioningOf({ backing }: Pick<Disk, "backing">): DiskProvisioning | null {
  const { thinProvisioned, eagerlyScrub } = rootOf(backing);
  if (thinProvisioned === true) return "thin";
  if (eagerlyScrub === true) return "eagerZeroedThick";
  return thinProvisioned === false ? "thick" : null;
}

/** A snapshot puts a delta over the disk: how that is laid out says nothing of the disk. */
function rootOf(backing: Backing): Backing {
  return backing.parent === undefined ? backing : rootOf(backing.parent);
}

/**
 * Makes the one disk of a powered-off VM as large as `bytes`, if it is smaller; what is in it stays. Not of a template, and not over a
 * snapshot. Throws VimFault.
 */
export async function growDisk(session: Session, vm: Reference, bytes: number): Promise<void> {
  const what = `Disks of ${vm.value} at vCenter ${session.server}`;
  const disks = disksOf(await readProperties(session, vm, [disksPath]), what);
  const [disk] = disks;
  if (disk === undefined || disks.length > 1) {
    throw new VimFault("VCenterFault", `${what}: ${disks.length} in place of one.`);
  }
  const kilobytes = Math.ceil(bytes / 1024);
  if ((disk.capacityInKB ?? 0) >= kilobytes) return;
  const device = typedElement("device", "VirtualDisk", [
    element("key", disk.key),
    backingElement(disk.backing),
    disk.controllerKey === undefined ? undefined : element("controllerKey", disk.controllerKey),
    disk.unitNumber === undefined ? undefined : element("unitNumber", disk.unitNumber),
    element("capacityInKB", kilobytes),
    element("capacityInBytes", kilobytes * 1024),
  ]);
  const spec = element("spec", [element("deviceChange", [element("operation", "edit"), device])]);
  const waiting = { what: `Growing the disk of ${vm.value} to ${bytes} bytes` };
  await runTask(session, ["ReconfigVM_Task", { on: vm, fields: [spec] }], waiting);
}

/** What is eagerly zeroed is so too where it grows only if the edit says it again. */
function backingElement({ $type = flat, fileName = "", diskMode = "persistent", ...layout }: Backing): Xml {
  const { thinProvisioned, eagerlyScrub } = $type === flat ? layout : {};
  return typedElement("backing", $type, [
    element("fileName", fileName),
    element("diskMode", diskMode),
    thinProvisioned === undefined ? undefined : element("thinProvisioned", thinProvisioned),
    eagerlyScrub === undefined ? undefined : element("eagerlyScrub", eagerlyScrub),
  ]);
}

const flat = "VirtualDiskFlatVer2BackingInfo";
