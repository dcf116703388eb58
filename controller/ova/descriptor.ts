// The descriptor of an OVA, held against what a boot image may ask for.
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { z } from "zod";
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

/** Reads an OVF document (DMTF DSP0243). Throws OvaError DescriptorInvalid with what is wrong. */
export function parseDescriptor(text: string): Descriptor {
  const { References, DiskSection, NetworkSection, VirtualSystem } = readEnvelope(text);
  const system = only(VirtualSystem, "VirtualSystem");
  const disk = only(DiskSection.Disk, "Disk");
  const file = only(References.File, "File");
  const hardware = only(system.VirtualHardwareSection, "VirtualHardwareSection");
  if (disk["@fileRef"] !== file["@id"]) refuse("its disk refers to no file");
  return {
    productVersion: plain(only(system.ProductSection, "ProductSection").Version, "product version"),
    disk: {
      href: localName(file["@href"]),
      capacity: capacity(disk["@capacity"], disk["@capacityAllocationUnits"]),
      fileSize: file["@size"] === undefined ? null : wholeNumber(file["@size"], "file size"),
    },
    network: plain(only(NetworkSection.Network, "Network")["@name"], "network name"),
    hardware: plain(hardware.System.VirtualSystemType, "virtual system type"),
    secureBoot: hardware.Config.some((c) => c["@key"] === "bootOptions.efiSecureBootEnabled" && c["@value"] === "true"),
  };
}

/**
 * The most bytes that the file of a disk of that capacity can have: a grain of 64 KiB that cannot be compressed takes less than
 * 1 KiB more (VMware Virtual Disk Format 1.1, "Stream-Optimized Compressed Sparse Extents"); an eighth and 1 MiB cover all.
 */
export function largestFile(capacity: number): number {
  return Math.ceil(capacity * 1.125) + (1 << 20);
}

const Text = z.string().max(1024);

/** Elements that may occur more than once in the standard: always read as lists, and then counted. */
const lists = ["File", "Disk", "Network", "VirtualSystem", "ProductSection", "VirtualHardwareSection", "Config"];

const Hardware = z.object({
  System: z.object({ VirtualSystemType: Text }),
  Config: z.array(z.object({ "@key": Text.optional(), "@value": Text.optional() })).default([]),
});

const Envelope = z.object({
  VirtualSystemCollection: z.undefined({ error: "only one VirtualSystem is allowed" }).optional(),
  References: z.object({
    File: z.array(z.object({ "@id": Text, "@href": Text, "@size": Text.optional() })),
  }),
  DiskSection: z.object({
    Disk: z.array(z.object({ "@fileRef": Text, "@capacity": Text, "@capacityAllocationUnits": Text.default("byte") })),
  }),
  NetworkSection: z.object({ Network: z.array(z.object({ "@name": Text })) }),
  VirtualSystem: z.array(
    z.object({ ProductSection: z.array(z.object({ Version: Text })), VirtualHardwareSection: z.array(Hardware) }),
  ),
});

function readEnvelope(text: string): z.infer<typeof Envelope> {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) refuse("it declares a document type or entities");
  const read = z.object({ Envelope }).safeParse(parseXml(text));
  if (read.success) return read.data.Envelope;
  return refuse(read.error.issues.map((issue) => `${issue.path.join("/")}: ${issue.message}`).join("; "));
}

function parseXml(text: string): unknown {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    removeNSPrefix: true,
    processEntities: false,
    parseTagValue: false,
    parseAttributeValue: false,
    maxNestedTags: 32,
    isArray: (name) => lists.includes(name),
  });
  try {
    const valid = XMLValidator.validate(text);
    if (valid !== true) return refuse(`it is no well-formed XML: ${valid.err.msg} (line ${valid.err.line})`);
    return parser.parse(text);
  } catch (thrown) {
    if (thrown instanceof OvaError) throw thrown;
    throw new OvaError("DescriptorInvalid", "The OVF descriptor cannot be read as XML.", { cause: thrown });
  }
}

function only<T>(items: readonly T[], name: string): T {
  const [item] = items;
  if (item === undefined || items.length > 1) refuse(`it has ${items.length} elements ${name} in place of one`);
  return item;
}

/** A value that means the same here and in vCenter: not empty, no entity, no control character. */
function plain(value: string, what: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (value === "" || /[&<>\u0000-\u001f]/.test(value)) refuse(`its ${what} is empty or holds a special character`);
  return value;
}

function localName(href: string): string {
  if (href.includes("/") || href.includes("\\") || href.includes(":")) refuse("its disk is no file of the archive");
  return plain(href, "disk's file name");
}

/** DSP0243 §9.1: a number of units such as `byte * 2^30`; without them, bytes. */
function capacity(value: string, units: string): number {
  const unit = /^byte(?: \* 2\^(\d{1,2}))?$/.exec(units);
  if (unit === null) refuse("its disk's capacity has unknown units");
  const bytes = wholeNumber(value, "disk's capacity") * 2 ** Number(unit[1] ?? 0);
  if (bytes === 0 || bytes > 2 ** 46) refuse("its disk's capacity is 0 or above 64 TiB");
  return bytes;
}

function wholeNumber(value: string, what: string): number {
  if (!/^\d{1,15}$/.test(value)) refuse(`its ${what} is no number`);
  return Number(value);
}

function refuse(what: string): never {
  throw new OvaError("DescriptorInvalid", `The OVF descriptor is refused: ${what}.`);
}
