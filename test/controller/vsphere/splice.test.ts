import { describe, expect, test } from "vitest";
import { element } from "../../../controller/vsphere/element.ts";
import { spliceExtraConfig } from "../../../controller/vsphere/splice.ts";

const ours = [element("extraConfig", "ours")];

/** As vCenter writes it: namespaces on the Envelope. */
const vcenter = (configSpec: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>
<CreateImportSpecResponse xmlns="urn:vim25"><returnval><importSpec xsi:type="VirtualMachineImportSpec">${configSpec}<resPoolEntity type="ResourcePool">resgroup-1</resPoolEntity></importSpec><fileItem><deviceId>x</deviceId></fileItem></returnval></CreateImportSpecResponse></soapenv:Body></soapenv:Envelope>`;

/** As the simulator writes it: namespaces on the fragment. */
const simulator = (configSpec: string) =>
  `<Envelope><Body><CreateImportSpecResponse xmlns="urn:vim25"><returnval><importSpec xmlns:_XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance" _XMLSchema-instance:type="VirtualMachineImportSpec">${configSpec}</importSpec></returnval></CreateImportSpecResponse></Body></Envelope>`;

describe("the place of extraConfig", () => {
  test.each([
    ["at the end", "<name>a</name>", "<name>a</name>|"],
    [
      "behind extraConfig that is there",
      "<name>a</name><extraConfig><key>k</key></extraConfig>",
      "<name>a</name><extraConfig><key>k</key></extraConfig>|",
    ],
    [
      "before bootOptions",
      "<name>a</name><bootOptions/><firmware>efi</firmware>",
      "<name>a</name>|<bootOptions/><firmware>efi</firmware>",
    ],
    [
      "before vAppConfig",
      '<name>a</name><vAppConfig xsi:type="VmConfigSpec"><product/></vAppConfig>',
      '<name>a</name>|<vAppConfig xsi:type="VmConfigSpec"><product/></vAppConfig>',
    ],
    [
      "not inside a device that has fields of such names",
      '<deviceChange><device a="/>"><firmware>x</firmware><backing/></device></deviceChange><firmware>efi</firmware>',
      '<deviceChange><device a="/>"><firmware>x</firmware><backing/></device></deviceChange>|<firmware>efi</firmware>',
    ],
  ])("%s", (_, configSpec, expected) => {
    for (const answer of [vcenter, simulator]) {
      const { spec } = spliceExtraConfig(answer(`<configSpec>${configSpec}</configSpec>`), ours);
      expect(spec.xml).toContain(
        `<configSpec>${expected.replace("|", "<extraConfig>ours</extraConfig>")}</configSpec>`,
      );
    }
  });
});

test("nothing else is changed, and the namespaces of the answer are known", () => {
  const { spec, namespaces } = spliceExtraConfig(vcenter("<configSpec><name>a</name></configSpec>"), ours);
  expect(spec.xml).toBe(
    '<spec xsi:type="VirtualMachineImportSpec"><configSpec><name>a</name><extraConfig>ours</extraConfig></configSpec><resPoolEntity type="ResourcePool">resgroup-1</resPoolEntity></spec>',
  );
  expect(namespaces).toMatchObject({ "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance" });
});

test.each([
  ["no import spec", "<returnval/>", /no importSpec/],
  [
    "a vApp",
    vcenter("<configSpec/>").replace("VirtualMachineImportSpec", "VirtualAppImportSpec"),
    /no virtual machine/,
  ],
  ["no configSpec", vcenter("<name>a</name>"), /no configSpec/],
  ["an empty configSpec", vcenter("<configSpec/>"), /no configSpec/],
  ["a comment", vcenter("<configSpec><!-- <bootOptions/> --></configSpec>"), /comments/],
])("%s is refused", (_, answer, message) => {
  expect(() => spliceExtraConfig(answer, ours)).toThrow(
    expect.objectContaining({ reason: "UnreadableAnswer", message: expect.stringMatching(message) }),
  );
});
