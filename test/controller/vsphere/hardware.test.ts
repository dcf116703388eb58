// The hardware version as vCenter writes it.
import { expect, test } from "vitest";
import { hardwareNumber } from "../../../controller/vsphere/hardware.ts";

test.each([
  ["vmx-21", 21],
  ["vmx-07", 7],
  ["vmx-", null],
  ["vmx-99999", null],
  ["21", null],
  ["", null],
])("%j is %j", (version, expected) => {
  expect(hardwareNumber(version)).toBe(expected);
});
