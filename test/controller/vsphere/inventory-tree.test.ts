import { expect, test } from "vitest";
import { inventoryTree, type TreeEntity } from "../../../controller/vsphere/inventory-tree.ts";

const folder = (value: string) => ({ type: "Folder", value });
const vm = (value: string) => ({ type: "VirtualMachine", value });

const roots = [
  { path: "/dc-east/vm", folder: folder("east") },
  { path: "/f/dc-west/vm", folder: folder("west") },
];
const entities: TreeEntity[] = [
  { reference: folder("east"), name: "vm", parent: { type: "Datacenter", value: "dc-1" } },
  { reference: folder("lab"), name: "lab", parent: folder("east") },
  { reference: folder("deep"), name: "deep", parent: folder("lab") },
  { reference: folder("like"), name: "golden", parent: folder("lab") },
  { reference: vm("1"), name: "golden", parent: folder("deep") },
  { reference: vm("2"), name: "golden", parent: folder("west") },
  { reference: vm("3"), name: "a%2fb %25 %5c", parent: folder("lab") },
  { reference: vm("4"), name: "of-a-vapp" },
  { reference: vm("5"), name: "golden", parent: folder("not listed") },
  { reference: folder("ring"), name: "ring", parent: folder("ring") },
  { reference: vm("6"), name: "in-the-ring", parent: folder("ring") },
  { reference: vm("7"), name: "twice", parent: folder("lab") },
  { reference: vm("8"), name: "twice", parent: folder("deep") },
];
const tree = inventoryTree(roots, entities);

test.each([
  ["/dc-east/vm", "east"],
  ["/dc-east/vm/lab", "lab"],
  ["/dc-east/vm/lab/deep/golden", "1"],
  ["/f/dc-west/vm/golden", "2"],
  ["/dc-east/vm/lab/golden", "like"],
  ["/dc-east/vm/lab/a%2fb %25 %5c", "3"],
  ["/dc-east/vm/lab/a/b %25 %5c", undefined],
  ["/dc-east/vm/golden", undefined],
  ["/dc-west/vm/golden", undefined],
  ["/dc-east/vm/lab/", undefined],
  ["of-a-vapp", undefined],
  ["", undefined],
])("%s leads to %s", (path, expected) => {
  expect(tree.byPath(path)?.value).toBe(expected);
});

test.each([
  ["/dc-east/vm", "golden", ["1"]],
  ["/f/dc-west/vm", "golden", ["2"]],
  ["/dc-east/vm", "twice", ["7", "8"]],
  ["/dc-east/vm", "lab", []],
  ["/dc-east/vm", "in-the-ring", []],
  ["/dc-east", "golden", ["1"]],
  ["/dc-ea", "golden", []],
])("below %s the VMs called %s are %j", (root, name, expected) => {
  expect(tree.named(root, name).map(({ value }) => value)).toEqual(expected);
});

test("what is in no tree has no path", () => {
  expect([vm("4"), vm("5"), vm("6"), vm("9")].map(tree.pathOf)).toEqual([null, null, null, null]);
});
