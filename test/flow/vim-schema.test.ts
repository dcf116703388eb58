// The check of requests against vim25 sees what is wrong: each row spoils a good request in one place.
import { beforeAll, expect, test } from "vitest";
import { readVimSchema, type VimSchema } from "./vim-schema.ts";

let schema: VimSchema;
beforeAll(async () => {
  schema = await readVimSchema();
});

const schemaUri = "http://www.w3.org/2001/XMLSchema";
const envelope = (body: string) =>
  `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="${schemaUri}-instance" xmlns:xsd="${schemaUri}" xmlns:other="urn:other" xmlns="urn:vim25"><soap:Body>${body}</soap:Body></soap:Envelope>`;

const clone = `
<CloneVM_Task>
  <_this type="VirtualMachine">vm-1</_this>
  <folder type="Folder">group-1</folder>
  <name>n</name>
  <spec>
    <location>
      <transform>sparse</transform>
      <deviceChange>
        <operation>edit</operation>
        <device xsi:type="VirtualVmxnet3">
          <key>4000</key>
          <backing xsi:type="VirtualEthernetCardNetworkBackingInfo"><deviceName>net</deviceName></backing>
        </device>
      </deviceChange>
    </location>
    <template>false</template>
    <config>
      <createDate>2026-11-26T03:39:38.5Z</createDate>
      <memoryMB>4096</memoryMB>
      <extraConfig xsi:type="OptionValue"><key>k</key><value xsi:type="xsd:int">7</value></extraConfig>
    </config>
    <powerOn>0</powerOn>
  </spec>
</CloneVM_Task>`;

const read = `
<RetrievePropertiesEx>
  <_this type="PropertyCollector">p</_this>
  <specSet>
    <propSet><type>Folder</type><pathSet>name</pathSet></propSet>
    <objectSet><obj type="Folder">f</obj><selectSet><name>s</name></selectSet></objectSet>
  </specSet>
  <options/>
</RetrievePropertiesEx>`;

test("the good requests are good", () => {
  for (const good of [clone, read]) expect(schema.faultsOf(envelope(good))).toEqual([]);
});

test.each<[string, string, [string, string], RegExp]>([
  ["an unknown method", clone, ["CloneVM_Task", "CopyVM_Task"], /no method/],
  ["a data object for a method", clone, ["CloneVM_Task", "OptionValue"], /no method/],
  ["an unknown field", clone, ["<name>n</name>", "<name>n</name><x/>"], /\.x does not exist/],
  ["a missing field", clone, ["<template>false</template>", ""], /template is missing/],
  [
    "a field too late",
    clone,
    ['<folder type="Folder">group-1</folder>\n  <name>n</name>', '<name>n</name><folder type="Folder">f</folder>'],
    /folder does not exist, or stands too late/,
  ],
  ["a missing list", read, ["<propSet><type>Folder</type><pathSet>name</pathSet></propSet>", ""], /propSet is missing/],
  ["an object without its type", clone, [' type="Folder"', ""], /folder has no type of object/],
  ["a reference to nothing", clone, [">group-1<", "><"], /folder names no object/],

  ["an open field without xsi:type", clone, [' xsi:type="VirtualVmxnet3"', ""], /device has no xsi:type/],
  ["another one, deeper", clone, [' xsi:type="VirtualEthernetCardNetworkBackingInfo"', ""], /backing has no xsi:type/],
  ["a value of any type without xsi:type", clone, [' xsi:type="xsd:int"', ""], /value has no xsi:type/],
  [
    "xsi:type of another namespace than XML Schema's",
    clone,
    ["device xsi:type", "device other:type"],
    /device has no xsi:type/,
  ],
  ["a type that vim25 does not have", clone, ["VirtualVmxnet3", "VirtualVmxnet9"], /vim25 has no VirtualVmxnet9/],
  ["a request in place of a type", clone, ["VirtualVmxnet3", "CloneVMRequestType"], /vim25 has no CloneVM/],
  [
    "a type that is no kind of the field's",
    clone,
    ["VirtualVmxnet3", "OptionValue"],
    /OptionValue, which is no VirtualDevice/,
  ],
  [
    "the field's base in place of the field's",
    clone,
    ["OptionValue", "DynamicData"],
    /DynamicData, which is no OptionValue/,
  ],
  ["a type of a strange namespace", clone, ["VirtualVmxnet3", "other:VirtualVmxnet3"], /namespace that is not known/],
  ["a prefix that is not declared", clone, ["VirtualVmxnet3", "vim:VirtualVmxnet3"], /namespace that is not known/],
  [
    "a type of XML Schema for a device",
    clone,
    ["VirtualVmxnet3", "xsd:string"],
    /of XML Schema, and is a VirtualDevice/,
  ],
  ["a type that XML Schema does not have", clone, ["xsd:int", "xsd:text"], /XML Schema has no text/],

  ["text where fields are", clone, ["<location>", "<location>here"], /VirtualMachineRelocateSpec is no text/],
  ["fields where text is", clone, ["<name>n</name>", "<name><n/></name>"], /name is a string with fields/],
  ["a bool that is none", clone, ["<powerOn>0<", "<powerOn>off<"], /powerOn is no bool: off/],
  ["an empty bool", clone, ["<powerOn>0<", "<powerOn><"], /powerOn is no bool/],
  ["a number that is none", clone, [">4000<", ">0x4000<"], /key is no int32/],
  ["a fraction", clone, [">4000<", ">4000.5<"], /key is no int32/],
  ["a number too large for its field", clone, [">4000<", ">2147483648<"], /key is no int32/],
  ["one too large for a long", clone, [">4096<", ">9223372036854775808<"], /memoryMB is no int64/],
  [
    "a value that the enum does not have",
    clone,
    [">sparse<", ">dense<"],
    /transform is no VirtualMachineRelocateTransformation: dense/,
  ],
  ["an enum in other letters", clone, [">edit<", ">Edit<"], /operation is no VirtualDeviceConfigSpecOperation/],
  ["a time that is none", clone, ["2026-11-26T", "2026-13-26T"], /createDate is no time/],
  ["a date without a time", clone, ["T03:39:38.5Z", ""], /createDate is no time/],
  ["a value that is not of its own type", clone, [">7<", ">seven<"], /value is no int: seven/],
])("the check sees %s", (...row) => {
  const [, good, [from, to], fault] = row;
  expect(good).toContain(from);
  expect(schema.faultsOf(envelope(good.replaceAll(from, to)))).toEqual([expect.stringMatching(fault)]);
});

test("the check sees a request without a body", () => {
  expect(schema.faultsOf("<x/>")).toEqual(["it has no body"]);
});
