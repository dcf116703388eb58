// The traits of a template that the lab's vCenter cannot have: encryption, custom attributes, an account that may not ask.
import { expect, test } from "vitest";
import { readTraits } from "../../../controller/vsphere/traits.ts";
import { type Line, scriptedSession } from "./scripted-vcenter.ts";

const vm = { type: "VirtualMachine", value: "vm-1" };

function properties(read: Record<string, string>): Line {
  const sets = Object.entries(read).map(([name, value]) => `<propSet><name>${name}</name>${value}</propSet>`);
  return { content: `<returnval><objects><obj type="VirtualMachine">vm-1</obj>${sets.join("")}</objects></returnval>` };
}

const attribute = (key: number, value: string) =>
  `<CustomFieldValue xsi:type="CustomFieldStringValue"><key>${key}</key><value>${value}</value></CustomFieldValue>`;
const field = (key: number, name: string) =>
  `<CustomFieldDef><key>${key}</key><name>${name}</name><type>string</type></CustomFieldDef>`;

const odd = {
  "config.version": '<val xsi:type="xsd:string">vmx-21</val>',
  "config.keyId": '<val xsi:type="CryptoKeyId"><keyId>k</keyId><providerId><id>kms</id></providerId></val>',
  customValue: `<val xsi:type="ArrayOfCustomFieldValue">${attribute(101, "42")}${attribute(102, "")}${attribute(7, "x")}</val>`,
  availableField: `<val xsi:type="ArrayOfCustomFieldDef">${field(101, "cost centre")}${field(102, "owner")}</val>`,
};

test("encryption and custom attributes that have a value are found", async () => {
  const { session, calls } = await scriptedSession(() => properties(odd));
  expect(await readTraits(session, vm)).toEqual({
    diskProvisioning: null,
    diskBytes: null,
    hardware: 21,
    snapshots: { hasCurrent: false, tree: [] },
    encrypted: true,
    customAttributes: ["cost centre", "number 7"],
    permissions: [],
  });
  expect(calls.slice(2)).toEqual(["RetrievePropertiesEx"]);
});

test("a disk that is encrypted by itself counts", async () => {
  const backing =
    '<backing xsi:type="VirtualDiskFlatVer2BackingInfo"><fileName>f</fileName><keyId><keyId>k</keyId></keyId></backing>';
  const disk = `<VirtualDevice xsi:type="VirtualDisk"><key>2000</key>${backing}<capacityInKB>4</capacityInKB></VirtualDevice>`;
  const devices = { "config.hardware.device": `<val xsi:type="ArrayOfVirtualDevice">${disk}</val>` };
  const { session } = await scriptedSession(() => properties(devices));
  expect(await readTraits(session, vm)).toMatchObject({ encrypted: true, diskBytes: 4096, hardware: null });
});

test.each(["config.version", "config.keyId"])(
  "that vCenter refuses to tell (%s) are a failure, not an empty value",
  async (path) => {
    const fault = '<fault><fault xsi:type="NoPermission"/><localizedMessage>no</localizedMessage></fault>';
    const missing = `<missingSet><path>${path}</path>${fault}</missingSet>`;
    const content = `<returnval><objects><obj type="VirtualMachine">vm-1</obj>${missing}</objects></returnval>`;
    const { session } = await scriptedSession(() => ({ content }));
    await expect(readTraits(session, vm)).rejects.toMatchObject({ reason: "NoPermission" });
  },
);
