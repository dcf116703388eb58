import { expect, test } from "vitest";
import { machineTest } from "../../../controller/decide/machine-identity.ts";

const isMachine = machineTest([
  { name: "worker-1", uid: "UID-1", providerID: "vsphere://4213F5C1" },
  { name: "worker-2", uid: "uid-2" },
]);

test.each([
  ["by name", { name: "worker-2", instanceUuid: null, biosUuid: null }, true],
  ["by instanceUuid", { name: "renamed", instanceUuid: "uid-1", biosUuid: null }, true],
  ["by the BIOS UUID of its providerID", { name: "renamed", instanceUuid: "x", biosUuid: "4213f5c1" }, true],
  ["not by an instanceUuid that is a BIOS UUID", { name: "renamed", instanceUuid: "4213f5c1", biosUuid: null }, false],
  ["no Machine", { name: "template", instanceUuid: "x", biosUuid: "y" }, false],
  ["nothing known of it", { name: "template", instanceUuid: null, biosUuid: null }, false],
])("%s", (_, vm, expected) => {
  expect(isMachine(vm)).toBe(expected);
});
