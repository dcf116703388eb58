// Disks as vCenter lists them among other devices.
import { describe, expect, test } from "vitest";
import { disksOf, disksPath, provisioningOf } from "../../../controller/vsphere/disk.ts";

const disk = (backing: Record<string, unknown>) => ({
  ...{ $type: "VirtualDisk", key: "2000", controllerKey: "1000", unitNumber: "0", capacityInKB: "16777216" },
  backing: { $type: "VirtualDiskFlatVer2BackingInfo", fileName: "[ds] x/x.vmdk", diskMode: "persistent", ...backing },
});
const card = { $type: "VirtualVmxnet3", key: "4000", backing: { network: { type: "Network", value: "n" } } };

test("are told from other devices, one or many or none", () => {
  const read = (devices: unknown) => disksOf({ [disksPath]: devices }, "VM").map(({ key }) => key);
  expect(read([card, disk({}), { $type: "VirtualCdrom", key: "3000" }])).toEqual(["2000"]);
  expect(read(disk({}))).toEqual(["2000"]);
  expect(read(undefined)).toEqual([]);
});

test("that cannot be read are an error", () => {
  expect(() => disksOf({ [disksPath]: [{ $type: "VirtualDisk" }] }, "VM x")).toThrow(/^VM x: /);
});

describe("the layout", () => {
  test.each([
    ["thin", { thinProvisioned: "true" }, "thin"],
    ["thick", { thinProvisioned: "false" }, "thick"],
    ["thick, to be zeroed when needed", { thinProvisioned: "false", eagerlyScrub: "false" }, "thick"],
    ["thick, zeroed at once", { thinProvisioned: "false", eagerlyScrub: "true" }, "eagerZeroedThick"],
    ["zeroed at once, the rest unknown", { eagerlyScrub: "true" }, "eagerZeroedThick"],
    [
      "of the disk below the delta of a snapshot",
      { thinProvisioned: "true", parent: { eagerlyScrub: "true" } },
      "eagerZeroedThick",
    ],
    ["unknown", {}, null],
  ])("%s", (_, backing, expected) => {
    expect(disksOf({ [disksPath]: disk(backing) }, "VM").map(provisioningOf)).toEqual([expected]);
  });
});
