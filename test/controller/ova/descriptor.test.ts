import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDescriptor } from "../../../controller/ova/descriptor.ts";
import { descriptorOf } from "../../lab/ova.ts";

const lab = descriptorOf({ release: "9.8.20260428-0", diskBytes: 1_048_576 });
const config = (key: string, value: string) =>
  `<vmw:Config ovf:required="false" vmw:key="${key}" vmw:value="${value}"/>`;
const item = (fields: string) => `<Item ovf:required="false">${fields}</Item>`;
const property = (key: string, value = "") =>
  `<Property ovf:userConfigurable="true" ovf:type="string" ovf:key="${key}" ovf:value="${value}"><Label>L</Label></Property>`;
const device = (id: number, type: number, more = "") =>
  item(`<rasd:InstanceID>${id}</rasd:InstanceID>${more}<rasd:ResourceType>${type}</rasd:ResourceType>`);
const vmci = `<rasd:AutomaticAllocation>false</rasd:AutomaticAllocation><rasd:ResourceSubType>vmware.vmci</rasd:ResourceSubType>`;

/** All that RHCOS's descriptors have, older ones too. */
const good = lab
  .replace("<Envelope ", '<!-- made by hand --><Envelope vmw:buildId="build-1" ')
  .replace("<VirtualHardwareSection>", '<VirtualHardwareSection ovf:transport="com.vmware.guestInfo">')
  .replace("</Version>", `</Version>${property("guestinfo.ignition.config.data")}`)
  .replace("</ProductSection>", `${property("guestinfo.ignition.config.data.encoding")}</ProductSection>`)
  .replace(
    "</VirtualHardwareSection>",
    [
      device(7, 1, vmci).replace("</Item>", `${config("allowUnrestrictedCommunication", "false")}</Item>`),
      device(8, 5, "<rasd:Address>0</rasd:Address>"),
      device(9, 24),
      config("firmware", "efi"),
      config("bootOptions.efiSecureBootEnabled", "true"),
      "</VirtualHardwareSection>",
    ].join(""),
  );

const expected = {
  productVersion: "9.8.20260428-0",
  disk: { href: "disk.vmdk", capacity: 16 * 2 ** 30, fileSize: 1_048_576 },
  network: "VM Network",
  hardware: "vmx-19",
  secureBoot: false,
};

describe("taken", () => {
  test.each<[string, string, object]>([
    ["the lab's", lab, expected],
    ["all that RHCOS has", good, { ...expected, secureBoot: true }],
    ["other prefixes", lab.replaceAll("rasd:", "r:").replace("xmlns:rasd", "xmlns:r"), expected],
    ["a byte order mark", `\ufeff${lab}`, expected],
    [
      "no units: bytes",
      lab.replace('ovf:capacity="16" ovf:capacityAllocationUnits="byte * 2^30"', 'ovf:capacity="4096"'),
      { ...expected, disk: { ...expected.disk, capacity: 4096 } },
    ],
    ["no file size", lab.replace(' ovf:size="1048576"', ""), { disk: { fileSize: null } }],
    ["secure boot off", good.replace(/(Enabled" vmw:value=)"true"/, '$1"false"'), { secureBoot: false }],
    ["text with entities", lab.replace("A virtual machine", "R&amp;D's &#x201c;VM&#x201d; &quot;"), expected],
  ])("%s", (_, text, facts) => {
    expect(parseDescriptor(text)).toMatchObject(facts);
  });
});

const file = /<File [^>]*>/.exec(lab)?.[0] ?? "";
const disk = /<Disk [^>]*>/.exec(lab)?.[0] ?? "";
const system = lab.slice(lab.indexOf("<VirtualSystem "), lab.indexOf("</Envelope>"));
const bomb = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "${"&a;".repeat(50)}"><!ENTITY c "${"&b;".repeat(50)}">]>`;
const into = (section: string, text: string) => lab.replace(`</${section}>`, `${text}</${section}>`);
const hardware = (text: string) => into("VirtualHardwareSection", text);

describe("refused", () => {
  test.each<[string, string, RegExp]>([
    ["no XML", "rubbish", /well-formed/],
    ["empty", "", /well-formed/],
    ["broken off", lab.slice(0, 900), /well-formed/],
    ["another document", "<html/>", /root is/],
    ["another namespace", lab.replaceAll("envelope/1", "envelope/2"), /root is/],
    ["entity expansion", lab.replace("<Envelope", `${bomb}<Envelope`).replace("VM Network", "&c;"), /document type/],
    ["external entity", lab.replace("<Envelope", '<!doctype x SYSTEM "file:///x"><Envelope'), /document type/],
    ["CDATA", lab.replace("9.8.20260428-0", "<![CDATA[9.8.20260428-0]]>"), /CDATA/],
    ["a processing instruction", lab.replace("<Envelope", "<?xml-stylesheet x?><Envelope"), /processing instructions/],
    ["another encoding", lab.replace("UTF-8", "UTF-7"), /not in UTF-8/],
    ["a control character", lab.replace("rhcos", "rh\u0001cos"), /control characters/],
    ["more than 1 MiB", lab.replace("A virtual machine", "x".repeat(1 << 20)), /1 MiB/],
    ["two systems", lab.replace(system, system + system), /2 elements ovf:VirtualSystem/],
    ["a collection", lab.replaceAll(/(?<=<\/?)VirtualSystem(?=[ >])/g, "VirtualSystemCollection"), /Collection/],
    ["two files", lab.replace(file, file + file), /2 elements ovf:File/],
    ["two disks", lab.replace(disk, disk + disk), /2 elements ovf:Disk/],
    ["no disk", lab.replace(disk, ""), /0 elements ovf:Disk/],
    ["a disk of no file", lab.replace('fileRef="file1"', 'fileRef="file2"'), /refers to no file/],
    ["a disk with a parent", lab.replace("<Disk ", '<Disk ovf:parentRef="x" '), /ovf:parentRef/],
    ["a disk of another format", lab.replace("#streamOptimized", "#sparse"), /ovf:format/],
    ["a compressed file", lab.replace("<File ", '<File ovf:compression="gzip" '), /ovf:compression/],
    ["a URL", lab.replace('href="disk.vmdk"', 'href="https://example.com/disk.vmdk"'), /ovf:href/],
    ["a path", lab.replace('href="disk.vmdk"', 'href="../disk.vmdk"'), /ovf:href/],
    ["the directory", lab.replace('href="disk.vmdk"', 'href=".."'), /ovf:href/],
    ["an attribute without a prefix", lab.replace("ovf:href", "href"), /attribute "href"/],
    [
      "an attribute twice",
      lab.replace("<File ", '<File xmlns:o="http://schemas.dmtf.org/ovf/envelope/1" o:id="x" '),
      /twice/,
    ],
    ["two networks", into("NetworkSection", '<Network ovf:name="b"/>'), /2 elements ovf:Network/],
    ["no version", lab.replace("<Version>9.8.20260428-0</Version>", ""), /0 elements ovf:Version/],
    ["an entity in the version", lab.replace("9.8.20260428-0", "9.8&#46;1"), /Version holds/],
    ["an absurd capacity", lab.replace('capacity="16"', 'capacity="999999999"'), /64 TiB/],
    ["a negative capacity", lab.replace('capacity="16"', 'capacity="-1"'), /ovf:capacity "-1"/],
    ["unknown units", lab.replace("byte * 2^30", "floppies"), /floppies/],
    ["units of a frequency", lab.replace("byte * 2^30", "hertz * 2^30"), /not in bytes/],
    ["an extra config", hardware('<vmw:ExtraConfig vmw:key="a" vmw:value="b"/>'), /vmw:ExtraConfig/],
    ["a config of no list", hardware(config("nestedHVEnabled", "true")), /nestedHVEnabled/],
    ["a config of an object's name", hardware(config("constructor", "true")), /constructor/],
    ["a config with another value", hardware(config("firmware", "coreboot")), /coreboot/],
    ["open VMCI", good.replace('Communication" vmw:value="false"', 'Communication" vmw:value="true"'), /Unrestricted/],
    ["a serial port", hardware(device(20, 21)), /ResourceType "21"/],
    ["a USB controller", hardware(device(20, 23)), /ResourceType "23"/],
    ["a passed-through device", good.replace("vmware.vmci", "vmware.pci.passthrough"), /passthrough/],
    ["two disk devices", hardware(device(20, 17)), /2 devices of the kind disk/],
    ["no adapter", lab.replace("ResourceType>10<", "ResourceType>24<"), /0 devices of the kind network adapter/],
    ["a disk of the host", lab.replace("ovf:/disk/vmdisk1", "/dev/sda"), /HostResource holds/],
    ["a disk that is not declared", lab.replace("ovf:/disk/vmdisk1", "ovf:/disk/other"), /disk takes/],
    ["a disk on no controller", lab.replace("Parent>3<", "Parent>1<"), /no controller/],
    ["an adapter of another network", lab.replace("Connection>VM Network", "Connection>Other"), /connected to/],
    ["one InstanceID twice", lab.replace("InstanceID>5<", "InstanceID>4<"), /one InstanceID/],
    ["a million CPUs", lab.replace("VirtualQuantity>2<", "VirtualQuantity>1000000<"), /1000000 CPUs/],
    ["memory without end", lab.replace("VirtualQuantity>4096<", "VirtualQuantity>999999999<"), /24 TiB/],
    ["a reservation", hardware(device(20, 24, "<rasd:Reservation>1</rasd:Reservation>")), /rasd:Reservation/],
    ["a licence", into("VirtualSystem", "<EulaSection><Info>x</Info></EulaSection>"), /ovf:EulaSection/],
    ["an unknown section", into("Envelope", "<StringsXSection/>"), /ovf:StringsXSection/],
    ["another's section", into("VirtualSystem", '<x:Section xmlns:x="urn:x"/>'), /\?:Section/],
    ["an unknown property", into("ProductSection", property("hostname")), /hostname/],
    ["an Ignition config", into("ProductSection", property("guestinfo.ignition.config.data", "e30=")), /ovf:value/],
    [
      "an ISO transport",
      lab.replace("<VirtualHardwareSection", '<VirtualHardwareSection ovf:transport="iso"'),
      /transport/,
    ],
    ["text between elements", into("References", "text"), /holds "text"/],
    ["deep nesting", `${"<a>".repeat(3_000)}${"</a>".repeat(900)}`, /OVF descriptor/],
    ["many tags", `<a>${"<b/>".repeat(100_000)}</a>`, /tags/],
    ["a name of the prototype", lab.replace("<References>", "<__proto__><File/></__proto__><References>"), /OVF desc/],
    [
      "no hardware",
      lab.replace(/<VirtualHardwareSection>[\s\S]*<\/VirtualHardwareSection>/, ""),
      /0 elements ovf:Virtual/,
    ],
  ])("%s", (_, text, message) => {
    expect(() => parseDescriptor(text)).toThrow(refusal(expect.stringMatching(message)));
  });

  test("with every mistake at once, in a bounded message", () => {
    const two = hardware(config("isolation.tools.copy.disable", "false")).replace("vmx-19", "qemu");
    expect(() => parseDescriptor(two)).toThrow(/isolation\.tools.*qemu|qemu.*isolation\.tools/);
    const many = hardware(config("k".repeat(70), "v").repeat(35));
    expect(() => parseDescriptor(many)).toThrow(refusal(expect.stringMatching(/^.{100,2600}and \d+ more\.$/)));
  });
});

function refusal(message: unknown) {
  return expect.objectContaining({ name: "OvaError", reason: "DescriptorInvalid", message });
}

describe("whatever comes", () => {
  const outcome = (text: string) => {
    try {
      return parseDescriptor(text);
    } catch (thrown) {
      expect(thrown).toEqual(refusal(expect.stringMatching(/^.{1,2600}$/s)));
      return null;
    }
  };
  const pieces = [...lab.matchAll(/<[^>]*>|[^<>]+/g)].map(([piece]) => piece);
  const piece = fc.oneof(
    fc.constantFrom(...pieces),
    fc.string({ maxLength: 20 }),
    fc.constantFrom(..."<>&\"'=/!?-[]:"),
  );

  test("rubbish is refused", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (text) => outcome(text) === null));
  });

  test("pieces of a descriptor in any order are refused", () => {
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (parts) => outcome(parts.join("")) === null));
  });

  test("a descriptor with a piece changed is refused, or asks for the same kind of machine", () => {
    const where = fc.nat({ max: pieces.length - 1 });
    fc.assert(
      fc.property(where, fc.array(piece, { maxLength: 2 }), (at, instead) => {
        const read = outcome(pieces.toSpliced(at, 1, ...instead).join(""));
        if (read === null) return;
        expect(read.disk.href).toMatch(/^[^/\\:&<]+$/);
        expect(read.hardware).toMatch(/^vmx-\d+$/);
        expect(read.disk.capacity).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test.each<[string, string]>([
    ["attributes", `<a ${Array.from({ length: 50_000 }, (_, index) => `b${index}="c"`).join(" ")}/>`],
    ["one long attribute", `<a b="${"c".repeat(1_000_000)}"/>`],
    ["an attribute that does not end", `<a b="${"<a b=".repeat(3_000)}`],
    ["comments", "<!--".repeat(3_900)],
    ["open tags", `${"<a ".repeat(3_900)}`],
    ["spaces in a tag", `<a${" ".repeat(1_000_000)}/>`],
    ["spaces between attributes", `<a b${" ".repeat(500_000)}=${" ".repeat(500_000)}'c'/>`],
    ["ampersands", `<a>${"&".repeat(1_000_000)}</a>`],
    ["quotes", `<a ${`"'`.repeat(400_000)}/>`],
    ["prefixes", `<a ${Array.from({ length: 30_000 }, (_, index) => `xmlns:p${index}="u"`).join(" ")}/>`],
  ])("%s without end are refused in bounded time", { timeout: 10_000 }, (_, text) => {
    expect(outcome(text)).toBeNull();
  });
});
