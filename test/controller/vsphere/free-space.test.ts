import { expect, test } from "vitest";
import { leastBytes } from "../../../controller/vsphere/free-space.ts";

const beside = 256 * 2 ** 20;
const disk = { fileBytes: 1_000, capacityBytes: 16_000 };

test.each([
  ["thin", 1_000],
  ["thick", 16_000],
  ["eagerZeroedThick", 16_000],
  [undefined, 1_000],
] as const)("a disk laid out %s takes %s bytes and what stands beside it", (diskProvisioning, bytes) => {
  expect(leastBytes({ ...disk, diskProvisioning })).toBe(bytes + beside);
});
