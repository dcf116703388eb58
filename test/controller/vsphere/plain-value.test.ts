import { expect, test } from "vitest";
import { plainValue } from "../../../controller/vsphere/plain-value.ts";

test.each([
  ["text", "abc", "abc"],
  ["an empty element", null, ""],
  ["no element", undefined, ""],
  ["a list", ["1", "2"], ["1", "2"]],
  ["a reference", { attributes: { type: "Folder" }, $value: "group-v3" }, { type: "Folder", value: "group-v3" }],
  [
    "a typed reference, vCenter's prefix",
    { attributes: { "xsi:type": "ManagedObjectReference", type: "Folder" }, $value: "group-v3" },
    { type: "Folder", value: "group-v3" },
  ],
  [
    "typed text, the simulator's prefix",
    { attributes: { "_XMLSchema-instance:type": "xsd:string" }, $value: "x" },
    "x",
  ],
  ["typed empty text", { attributes: { "xsi:type": "xsd:string" } }, ""],
  ["typed boolean stays text", { attributes: { "xsi:type": "xsd:boolean" }, $value: "true" }, "true"],
  [
    "an object with a type",
    {
      attributes: { "xsi:type": "vim25:OptionValue" },
      key: "k",
      value: { attributes: { "xsi:type": "xsd:string" }, $value: "v" },
    },
    { $type: "OptionValue", key: "k", value: "v" },
  ],
  ["an object without fields", { attributes: { "xsi:type": "InvalidLogin" } }, { $type: "InvalidLogin" }],
  [
    "an array of several",
    {
      attributes: { "xsi:type": "ArrayOfManagedObjectReference" },
      ManagedObjectReference: [
        { attributes: { type: "HostSystem" }, $value: "host-1" },
        { attributes: { type: "HostSystem" }, $value: "host-2" },
      ],
    },
    [
      { type: "HostSystem", value: "host-1" },
      { type: "HostSystem", value: "host-2" },
    ],
  ],
  ["an array of one", { attributes: { "xsi:type": "ArrayOfString" }, string: "a" }, ["a"]],
  ["an array of none", { attributes: { "xsi:type": "ArrayOfString" } }, []],
  ["a field that is called type", { type: "VirtualMachine", path: "x" }, { type: "VirtualMachine", path: "x" }],
])("%s", (_, parsed, plain) => {
  expect(plainValue(parsed)).toEqual(plain);
});
