import { describe, expect, test } from "vitest";
import { parseDescriptor } from "../../../controller/ova/descriptor.ts";

const good = `<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
  xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData" xmlns:vmw="http://www.vmware.com/schema/ovf">
  <References><File ovf:href="disk.vmdk" ovf:id="file1" ovf:size="1048576"/></References>
  <DiskSection><Info>Disks</Info>
    <Disk ovf:capacity="16" ovf:capacityAllocationUnits="byte * 2^30" ovf:diskId="vmdisk1" ovf:fileRef="file1" ovf:format="x"/>
  </DiskSection>
  <NetworkSection><Info>Networks</Info><Network ovf:name="VM Network"><Description>n</Description></Network></NetworkSection>
  <VirtualSystem ovf:id="rhcos"><Info>A VM</Info>
    <ProductSection><Info>P</Info><Product>RHCOS</Product><Version>9.8.20260428-0</Version></ProductSection>
    <VirtualHardwareSection><Info>Hardware</Info>
      <System><vssd:VirtualSystemType>vmx-15</vssd:VirtualSystemType></System>
      <vmw:Config ovf:required="false" vmw:key="firmware" vmw:value="efi"/>
      <vmw:Config ovf:required="false" vmw:key="bootOptions.efiSecureBootEnabled" vmw:value="true"/>
    </VirtualHardwareSection>
  </VirtualSystem>
</Envelope>`;

test("a good descriptor", () => {
  expect(parseDescriptor(good)).toEqual({
    productVersion: "9.8.20260428-0",
    disk: { href: "disk.vmdk", capacity: 16 * 2 ** 30, fileSize: 1_048_576 },
    network: "VM Network",
    hardware: "vmx-15",
    secureBoot: true,
  });
});

test.each([
  [
    "no units: bytes",
    ['capacity="16" ovf:capacityAllocationUnits="byte * 2^30"', 'capacity="4096"'],
    { disk: { capacity: 4096 } },
  ],
  ["no file size", [' ovf:size="1048576"', ""], { disk: { fileSize: null } }],
  ["secure boot off", ['vmw:value="true"', 'vmw:value="false"'], { secureBoot: false }],
] as const)("%s", (_, [from, to], expected) => {
  expect(parseDescriptor(good.replace(from, to))).toMatchObject(expected);
});

const file = '<File ovf:href="disk.vmdk" ovf:id="file1" ovf:size="1048576"/>';
const system = good.slice(good.indexOf("<VirtualSystem "), good.indexOf("</Envelope>"));
const bomb = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "${"&a;".repeat(50)}"><!ENTITY c "${"&b;".repeat(50)}">]>`;

describe("refused", () => {
  test.each([
    ["no XML", "rubbish", /well-formed|Envelope/],
    ["empty", "", /well-formed|Envelope/],
    ["broken off", good.slice(0, 900), /well-formed/],
    ["entity expansion", good.replace("<Envelope", `${bomb}<Envelope`).replace("VM Network", "&c;"), /document type/],
    [
      "external entity",
      good.replace("<Envelope", '<!doctype x SYSTEM "file:///etc/passwd"><Envelope'),
      /document type/,
    ],
    ["two systems", good.replace(system, system + system), /2 elements VirtualSystem/],
    [
      "a collection",
      good
        .replaceAll("VirtualSystem ", "VirtualSystemCollection ")
        .replace("</VirtualSystem>", "</VirtualSystemCollection>"),
      /VirtualSystemCollection/,
    ],
    ["two files", good.replace(file, file + file), /2 elements File/],
    ["no disk", good.replace(/<Disk .*\/>/, ""), /Disk/],
    ["disk of no file", good.replace('fileRef="file1"', 'fileRef="file2"'), /refers to no file/],
    ["URL href", good.replace("disk.vmdk", "https://example.com/disk.vmdk"), /no file of the archive/],
    ["path href", good.replace("disk.vmdk", "../disk.vmdk"), /no file of the archive/],
    [
      "two networks",
      good.replace("</NetworkSection>", '<Network ovf:name="b"/></NetworkSection>'),
      /2 elements Network/,
    ],
    ["no version", good.replace("<Version>9.8.20260428-0</Version>", ""), /Version/],
    ["entity in the version", good.replace("9.8.20260428-0", "9.8&#46;1"), /special character/],
    ["absurd capacity", good.replace('capacity="16"', 'capacity="999999999"'), /64 TiB/],
    ["negative capacity", good.replace('capacity="16"', 'capacity="-1"'), /no number/],
    ["unknown units", good.replace("byte * 2^30", "floppies"), /unknown units/],
    ["deep nesting", `${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}`, /OVF descriptor/],
    [
      "a name of the prototype",
      good.replace("<References>", "<__proto__><File/></__proto__><References>"),
      /OVF descriptor/,
    ],
    [
      "a missing hardware section",
      good.replace(/<VirtualHardwareSection>[\s\S]*<\/VirtualHardwareSection>/, ""),
      /VirtualHardwareSection/,
    ],
  ] as const)("%s", (_, text, message) => {
    expect(() => parseDescriptor(text)).toThrow(
      expect.objectContaining({
        name: "OvaError",
        reason: "DescriptorInvalid",
        message: expect.stringMatching(message),
      }),
    );
  });
});
