// The descriptor of an OVA, held against what a boot image may ask for.
import { grammarMistakes } from "./descriptor-grammar.ts";
import { hardwareMistakes, textOf } from "./descriptor-hardware.ts";
import { readXml, type XmlElement } from "./descriptor-xml.ts";
import { OvaError } from "./ova-error.ts";

export interface Descriptor {
  /** The release, as in ProductSection/Version, such as `9.8.20260428-0`. */
  productVersion: string;
  disk: {
    /** The file's name in the archive. */
    href: string;
    /** Capacity of the virtual disk in bytes. */
    capacity: number;
    /** Size of the file in bytes; null if the descriptor does not say. */
    fileSize: number | null;
  };
  /** The name of the one network, to be mapped to a network of the place. */
  network: string;
  /** Virtual hardware, such as `vmx-15`. */
  hardware: string;
  /** Whether the VM would start with EFI secure boot. */
  secureBoot: boolean;
}

/**
 * Reads an OVF document (DMTF DSP0243) of one VirtualSystem with one disk and one network adapter. Everything in it is known, or it is
 * refused. Throws OvaError DescriptorInvalid with all that is wrong, bounded.
 */
export function parseDescriptor(text: string): Descriptor {
  const envelope = readXml(text);
  refuseIf(grammarMistakes(envelope));
  const at = (...path: string[]) => path.reduce((element, name) => child(element, name), envelope);
  const [file, disk] = [at("ovf:References", "ovf:File"), at("ovf:DiskSection", "ovf:Disk")];
  const system = at("ovf:VirtualSystem");
  const hardware = child(system, "ovf:VirtualHardwareSection");
  const network = attribute(at("ovf:NetworkSection", "ovf:Network"), "ovf:name");
  const size = bytes(attribute(disk, "ovf:capacity"), disk.attributes.get("ovf:capacityAllocationUnits") ?? "byte");
  const items = hardware.children.filter(({ name }) => name === "ovf:Item");
  refuseIf([
    ...(attribute(disk, "ovf:fileRef") === attribute(file, "ovf:id") ? [] : ["its disk refers to no file"]),
    ...(size > 0 && size <= 2 ** 46 ? [] : ["its disk's capacity is not in bytes, 0, or above 64 TiB"]),
    ...hardwareMistakes(items, { disk: attribute(disk, "ovf:diskId"), network }),
  ]);
  const fileSize = file.attributes.get("ovf:size");
  return {
    productVersion: textOf(child(system, "ovf:ProductSection"), "ovf:Version") ?? "",
    disk: {
      href: attribute(file, "ovf:href"),
      capacity: size,
      fileSize: fileSize === undefined ? null : Number(fileSize),
    },
    network,
    hardware: textOf(child(hardware, "ovf:System"), "vssd:VirtualSystemType") ?? "",
    secureBoot: hardware.children.some(isSecureBoot),
  };
}

/**
 * The most bytes that the file of a disk of that capacity can have: a grain of 64 KiB that cannot be compressed takes less than
 * 1 KiB more (VMware Virtual Disk Format 1.1, "Stream-Optimized Compressed Sparse Extents"); an eighth and 1 MiB cover all.
 */
export function largestFile(capacity: number): number {
  return Math.ceil(capacity * 1.125) + (1 << 20);
}

const mostMistakes = 12;

function refuseIf(mistakes: readonly string[]): void {
  if (mistakes.length === 0) return;
  const told = mistakes.slice(0, mostMistakes).map((mistake) => mistake.slice(0, 200));
  const more = mistakes.length > told.length ? [`and ${mistakes.length - told.length} more`] : [];
  throw new OvaError("DescriptorInvalid", `The OVF descriptor is refused: ${[...told, ...more].join("; ")}.`);
}

/** Of an element that the grammar demands. */
function child(element: XmlElement, name: string): XmlElement {
  const found = element.children.find((each) => each.name === name);
  if (found === undefined) throw new TypeError(`the grammar of descriptors does not demand ${name}`);
  return found;
}

function attribute(element: XmlElement, name: string): string {
  const value = element.attributes.get(name);
  if (value !== undefined) return value;
  throw new OvaError("DescriptorInvalid", `The OVF descriptor is refused: ${element.name} lacks ${name}.`);
}

/** NaN for units that are not of bytes. */
function bytes(value: string, units: string): number {
  const [, base, exponent] = /^byte(?: \* (2|10)\^(\d{1,2}))?$/.exec(units) ?? [null];
  if (base === undefined && units !== "byte") return Number.NaN;
  return Number(value) * Number(base ?? 1) ** Number(exponent ?? 0);
}

function isSecureBoot({ name, attributes }: XmlElement): boolean {
  const key = attributes.get("vmw:key");
  return name === "vmw:Config" && key === "bootOptions.efiSecureBootEnabled" && attributes.get("vmw:value") === "true";
}
