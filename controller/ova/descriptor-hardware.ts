// The hardware of a descriptor: the devices of the virtual machine, each of a known kind, and joined as they should be.
import { quoted } from "./descriptor-grammar.ts";
import type { XmlElement } from "./descriptor-xml.ts";

/** CIM_ResourceAllocationSettingData's ResourceType to the subtypes that are taken; null: without one. */
const kinds = new Map<string, { name: string; subtypes: readonly (string | null)[]; most: number }>([
  ["1", { name: "VMCI device", subtypes: ["vmware.vmci"], most: 1 }],
  ["3", { name: "CPU", subtypes: [null], most: 1 }],
  ["4", { name: "memory", subtypes: [null], most: 1 }],
  ["5", { name: "IDE controller", subtypes: [null], most: 2 }],
  ["6", { name: "SCSI controller", subtypes: [null, "VirtualSCSI", "lsilogic", "lsilogicsas"], most: 1 }],
  ["10", { name: "network adapter", subtypes: ["VmxNet3", "E1000", "E1000e"], most: 1 }],
  ["17", { name: "disk", subtypes: [null], most: 1 }],
  ["20", { name: "storage controller", subtypes: ["vmware.sata.ahci", "vmware.nvme.controller"], most: 1 }],
  ["24", { name: "video card", subtypes: [null], most: 1 }],
]);
const least: Record<string, number> = { 3: 1, 4: 1, 10: 1, 17: 1 };
const controllers = ["5", "6", "20"];

/** What is wrong with the Items; `disk` and `network` are those that the sections before declare. */
export function hardwareMistakes(items: readonly XmlElement[], declared: { disk: string; network: string }): string[] {
  const devices = items.map((item) => (name: string) => textOf(item, `rasd:${name}`));
  const ids = devices.map((device) => device("InstanceID"));
  const controller = new Set(
    devices.filter((d) => controllers.includes(d("ResourceType") ?? "")).map((d) => d("InstanceID")),
  );
  return [
    ...countMistakes(devices.map((device) => device("ResourceType") ?? "")),
    ...devices.flatMap((device) => deviceMistakes(device, declared)),
    ...(new Set(ids).size < ids.length ? ["two devices have one InstanceID"] : []),
    ...devices
      .filter((device) => device("ResourceType") === "17" && !controller.has(device("Parent")))
      .map(() => "the disk hangs on no controller"),
  ];
}

/** The text of the one child of that name. */
export function textOf(element: XmlElement, name: string): string | null {
  return element.children.find((child) => child.name === name)?.text ?? null;
}

type Device = (field: string) => string | null;

function countMistakes(types: readonly string[]): string[] {
  return [...kinds].flatMap(([type, { name, most }]) => {
    const count = types.filter((each) => each === type).length;
    return count < (least[type] ?? 0) || count > most ? [`it has ${count} devices of the kind ${name}`] : [];
  });
}

function deviceMistakes(device: Device, { disk, network }: { disk: string; network: string }): string[] {
  const type = device("ResourceType") ?? "";
  const kind = kinds.get(type);
  const subtype = device("ResourceSubType");
  if (kind === undefined) return [`it has a device of ResourceType ${quoted(type)}`];
  const mistakes = kind.subtypes.includes(subtype) ? [] : [`its ${kind.name} is a ${quoted(subtype ?? "")}`];
  const resource = device("HostResource");
  const isDisk = resource === `ovf:/disk/${disk}` || resource === `/disk/${disk}`;
  if (type === "17" ? !isDisk : resource !== null) mistakes.push(`its ${kind.name} takes ${quoted(resource ?? "")}`);
  const connection = device("Connection");
  if (type === "10" ? connection !== network : connection !== null) {
    mistakes.push(`its ${kind.name} is connected to ${quoted(connection ?? "")}`);
  }
  return [...mistakes, ...quantityMistakes(type, device)];
}

/** Of CPU and memory: 1 to 768, and 1 MiB to 24 TiB, the most of vSphere 8. */
function quantityMistakes(type: string, device: Device): string[] {
  const quantity = Number(device("VirtualQuantity"));
  if (type === "3" && !(quantity >= 1 && quantity <= 768)) return [`it has ${quantity} CPUs`];
  const mebibytes = device("AllocationUnits") === "byte * 2^20" && quantity >= 1 && quantity <= 24 << 20;
  return type === "4" && !mebibytes ? [`its memory of ${quantity} is not within 24 TiB, in units of byte * 2^20`] : [];
}
