import { expect, test } from "vitest";
import { absolutePath, datacenterPath } from "../../../controller/vsphere/inventory.ts";

test.each([
  [["dc-east", "vm", "/dc-east/vm/lab-7x2kq"], "/dc-east/vm/lab-7x2kq"],
  [["dc-east", "vm", "/dc-east/vm/lab-7x2kq/"], "/dc-east/vm/lab-7x2kq"],
  [["dc-east", "vm", "lab-7x2kq"], "/dc-east/vm/lab-7x2kq"],
  [["/dc-east/", "vm", "a/b"], "/dc-east/vm/a/b"],
  [["dc-east", "vm", ""], "/dc-east/vm"],
  [["folder/dc-east", "datastore", "ds-a"], "/folder/dc-east/datastore/ds-a"],
  [["dc-east", "host", "/dc-east/host/cluster-a//Resources/"], "/dc-east/host/cluster-a/Resources"],
] as const)("%j is %s", ([datacenter, kind, path], expected) => {
  expect(absolutePath(datacenter, kind, path)).toBe(expected);
});

test("the path of a datacenter", () => {
  expect(["dc", "/dc", "/dc/", "f/dc"].map(datacenterPath)).toEqual(["/dc", "/dc", "/dc", "/f/dc"]);
});
