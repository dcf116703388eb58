import { expect, test } from "vitest";
import { highestOf } from "../../../controller/vsphere/hardware-support.ts";

const host = { type: "HostSystem", value: "host-1" };
const other = { type: "HostSystem", value: "host-2" };
const of = (key: string, hosts = [host], createSupported = true) => ({ key, host: hosts, createSupported });

test.each([
  ["nothing is said", [], null],
  ["several", [of("vmx-15"), of("vmx-21"), of("vmx-19")], 21],
  ["a higher one of another host", [of("vmx-15"), of("vmx-21", [other])], 15],
  ["one for all hosts", [of("vmx-15"), of("vmx-20", [])], 20],
  ["one that virtual machines may have, but not get", [of("vmx-15"), of("vmx-21", [host], false)], 15],
  ["a key of another kind", [of("vmx-15"), of("xen-21")], 15],
] satisfies [string, ReturnType<typeof of>[], number | null][])("%s", (_, descriptors, highest) => {
  expect(highestOf(descriptors, host)).toBe(highest);
});
