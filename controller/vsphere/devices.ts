// The virtual devices of a VM or template: its network card and its disks.
import { z } from "zod";
import { listOf, type Reference, readAnswer } from "./answer.ts";
import { VimFault } from "./fault.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";

/** The one network card: the type of its kind, such as `VirtualVmxnet3`, and its key. Throws VimFault. */
export async function networkCard(session: Session, vm: Reference): Promise<{ type: string; key: string }> {
  const cards = (await readDevices(session, vm)).filter(({ addressType, macAddress }) => addressType ?? macAddress);
  const [card] = cards;
  if (card !== undefined && cards.length === 1) return { type: card.$type, key: card.key };
  throw new VimFault("VCenterFault", `${titleOf(session, vm)}: ${cards.length} network cards in place of one.`);
}

/** Capacities of the disks in bytes, in the order of the devices. Throws VimFault. */
export async function diskBytes(session: Session, vm: Reference): Promise<number[]> {
  const devices = await readDevices(session, vm);
  return devices.flatMap(({ capacityInBytes, capacityInKB }) => {
    // An older vCenter tells kilobytes only.
    if (capacityInBytes !== undefined && capacityInBytes > 0) return [capacityInBytes];
    return capacityInKB === undefined ? [] : [capacityInKB * 1024];
  });
}

const path = "config.hardware.device";

const Devices = listOf(
  z.object({
    $type: z.string(),
    key: z.string(),
    /** Only network cards have an address. */
    addressType: z.string().optional(),
    macAddress: z.string().optional(),
    capacityInBytes: z.coerce.number().optional(),
    capacityInKB: z.coerce.number().optional(),
  }),
);

async function readDevices(session: Session, vm: Reference): Promise<z.output<typeof Devices>> {
  const read = await readProperties(session, vm, [path]);
  return readAnswer(Devices, read[path], titleOf(session, vm));
}

function titleOf(session: Session, vm: Reference): string {
  return `Devices of ${vm.value} at vCenter ${session.server}`;
}
