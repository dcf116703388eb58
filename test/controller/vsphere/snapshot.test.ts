// Snapshots as vCenter lists them.
import { expect, test } from "vitest";
import { snapshotPath, snapshotsOf } from "../../../controller/vsphere/snapshot.ts";

const reference = (value: string) => ({ type: "VirtualMachineSnapshot", value });
const node = (value: string, name: string, childSnapshotList?: unknown) => ({
  ...{ snapshot: reference(value), vm: { type: "VirtualMachine", value: "vm-1" }, name, id: "1", quiesced: "false" },
  ...(childSnapshotList === undefined ? {} : { childSnapshotList }),
});

test.each([undefined, ""])("none: %j", (value) => {
  expect(snapshotsOf({ [snapshotPath]: value }, "VM")).toEqual({ hasCurrent: false, tree: [] });
});

test("a tree becomes a list, parents first, each with its path", () => {
  const rootSnapshotList = [node("s-1", "a", node("s-2", "b", [node("s-3", "c"), node("s-4", "c")])), node("s-5", "z")];
  const { hasCurrent, tree } = snapshotsOf({ snapshot: { currentSnapshot: reference("s-4"), rootSnapshotList } }, "VM");
  expect(hasCurrent).toBe(true);
  expect(tree.map(({ reference: { value }, name, path }) => [value, name, path])).toEqual([
    ["s-1", "a", "a"],
    ["s-2", "b", "a/b"],
    ["s-3", "c", "a/b/c"],
    ["s-4", "c", "a/b/c"],
    ["s-5", "z", "z"],
  ]);
});

test("without a current one", () => {
  expect(snapshotsOf({ snapshot: { rootSnapshotList: node("s-1", "a") } }, "VM").hasCurrent).toBe(false);
});

test.each(["text", { rootSnapshotList: [{ name: "no reference" }] }])("%j is no list of snapshots", (value) => {
  expect(() => snapshotsOf({ [snapshotPath]: value }, "VM x")).toThrow(/^VM x: /);
});
