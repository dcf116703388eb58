// An OVA like RHCOS's, made on the fly: a valid descriptor with a product version and one disk of a size that you choose.
import { createCipheriv, createHash } from "node:crypto";
import { headerOf } from "./tar-header.ts";

export interface OvaOptions {
  release: string;
  /** Size of the disk's file in bytes. */
  diskBytes: number;
  /** Descriptor to use instead of RHCOS's; undefined: RHCOS's, null: none at all. */
  descriptor?: string | null;
}

export interface Ova {
  size: number;
  /** The bytes from an offset on, the same at every call. */
  bytes: (from?: number) => Generator<Buffer>;
  /** hex; computed once, in a few tenths of a second per 100 MB. */
  sha256: string;
}

const chunk = 1024 * 1024;
/** Of random bytes, from which the chunks of a disk are cut: to make all anew for each download would take more time than to send them. */
const poolSize = 16 * chunk;

/** The OVA of a release. */
export function ovaOf(options: OvaOptions): Ova {
  const head = headOf(options);
  const end = head.length + options.diskBytes;
  const tail = Buffer.concat([padding(options.diskBytes), Buffer.alloc(1024)]);
  const disk = diskOf(options);
  function* bytes(from = 0): Generator<Buffer> {
    if (from < head.length) yield head.subarray(from);
    yield* disk(Math.max(0, from - head.length));
    yield tail.subarray(Math.max(0, from - end));
  }
  const hash = createHash("sha256");
  for (const part of bytes()) hash.update(part);
  return { size: end + tail.length, bytes, sha256: hash.digest("hex") };
}

function headOf(options: OvaOptions): Buffer {
  const text = options.descriptor === undefined ? descriptorOf(options) : options.descriptor;
  const disk = headerOf("disk.vmdk", options.diskBytes);
  if (text === null) return disk;
  const descriptor = Buffer.from(text);
  return Buffer.concat([headerOf("rhcos.ovf", descriptor.length), descriptor, padding(descriptor.length), disk]);
}

/** A disk that hardly can be compressed, with the mark of a stream-optimised VMDK at its head. */
function diskOf({ release, diskBytes }: OvaOptions): (from: number) => Generator<Buffer> {
  const cipher = createCipheriv("aes-256-ctr", createHash("sha256").update(release).digest(), Buffer.alloc(16));
  const pool = cipher.update(Buffer.alloc(Math.min(poolSize, diskBytes + chunk)));
  pool.write("KDMV");
  const room = pool.length - chunk + 1;
  return function* (from) {
    for (let at = from; at < diskBytes; ) {
      const index = Math.floor(at / chunk);
      // A step that has no divisor in common with the room, so that chunks come again late.
      const start = index === 0 ? 0 : (index * 7_368_787) % room;
      const part = pool.subarray(start + (at % chunk), start + Math.min(chunk, diskBytes - index * chunk));
      yield part;
      at += part.length;
    }
  };
}

function padding(size: number): Buffer {
  return Buffer.alloc((512 - (size % 512)) % 512);
}

/** The OVF descriptor of a release: virtual hardware 19, 16 GiB disk, one NIC on "VM Network". */
export function descriptorOf({ release, diskBytes }: Pick<OvaOptions, "release" | "diskBytes">): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
  xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData"
  xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData"
  xmlns:vmw="http://www.vmware.com/schema/ovf" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <References><File ovf:href="disk.vmdk" ovf:id="file1" ovf:size="${diskBytes}"/></References>
  <DiskSection><Info>Virtual disk information</Info>
    <Disk ovf:capacity="16" ovf:capacityAllocationUnits="byte * 2^30" ovf:diskId="vmdisk1" ovf:fileRef="file1"
      ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/></DiskSection>
  <NetworkSection><Info>The list of logical networks</Info>
    <Network ovf:name="VM Network"><Description>The VM Network network</Description></Network></NetworkSection>
  <VirtualSystem ovf:id="rhcos"><Info>A virtual machine</Info><Name>rhcos</Name>
    <OperatingSystemSection ovf:id="80" vmw:osType="rhel9_64Guest"><Info>The kind of installed guest operating system</Info>
    </OperatingSystemSection>
    <VirtualHardwareSection><Info>Virtual hardware requirements</Info>
      <System><vssd:ElementName>Virtual Hardware Family</vssd:ElementName><vssd:InstanceID>0</vssd:InstanceID>
        <vssd:VirtualSystemIdentifier>rhcos</vssd:VirtualSystemIdentifier>
        <vssd:VirtualSystemType>vmx-19</vssd:VirtualSystemType></System>
      <Item><rasd:AllocationUnits>hertz * 10^6</rasd:AllocationUnits><rasd:ElementName>2 virtual CPU(s)</rasd:ElementName>
        <rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>3</rasd:ResourceType>
        <rasd:VirtualQuantity>2</rasd:VirtualQuantity></Item>
      <Item><rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:ElementName>4096MB of memory</rasd:ElementName>
        <rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>4</rasd:ResourceType>
        <rasd:VirtualQuantity>4096</rasd:VirtualQuantity></Item>
      <Item><rasd:Address>0</rasd:Address><rasd:ElementName>VirtualSCSI</rasd:ElementName>
        <rasd:InstanceID>3</rasd:InstanceID><rasd:ResourceSubType>VirtualSCSI</rasd:ResourceSubType>
        <rasd:ResourceType>6</rasd:ResourceType></Item>
      <Item><rasd:AddressOnParent>0</rasd:AddressOnParent><rasd:ElementName>disk1</rasd:ElementName>
        <rasd:HostResource>ovf:/disk/vmdisk1</rasd:HostResource><rasd:InstanceID>4</rasd:InstanceID>
        <rasd:Parent>3</rasd:Parent><rasd:ResourceType>17</rasd:ResourceType></Item>
      <Item><rasd:AddressOnParent>1</rasd:AddressOnParent><rasd:AutomaticAllocation>true</rasd:AutomaticAllocation>
        <rasd:Connection>VM Network</rasd:Connection><rasd:ElementName>ethernet-1</rasd:ElementName>
        <rasd:InstanceID>5</rasd:InstanceID><rasd:ResourceSubType>VmxNet3</rasd:ResourceSubType>
        <rasd:ResourceType>10</rasd:ResourceType></Item>
    </VirtualHardwareSection>
    <ProductSection><Info>Information about the installed software</Info><Product>rhcos</Product><Vendor>Red Hat</Vendor>
      <Version>${release}</Version></ProductSection>
  </VirtualSystem>
</Envelope>
`;
}
