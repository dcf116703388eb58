// Linked clones: which snapshot the Machine API finds, and which ones a template needs.
import { describe, expect, test } from "vitest";
import { hasSnapshotFor, type Snapshots, snapshotNames } from "../../../controller/decide/linked-clone.ts";

const one = (value: string, path: string) => ({
  reference: { value },
  path,
  name: path.split("/").at(-1) ?? "",
});
const none: Snapshots = { hasCurrent: false, tree: [] };
const twins: Snapshots = { hasCurrent: true, tree: [one("snapshot-1", "root"), one("snapshot-2", "root/root")] };

describe("a snapshot is found", () => {
  const names = { hasCurrent: true, tree: [one("snapshot-1", "a"), one("snapshot-2", "a/b")] };
  test.each<[string, [Snapshots, string | undefined], boolean]>([
    ["no name, no snapshot", [none, undefined], false],
    ["no name, no current one", [{ ...twins, hasCurrent: false }, ""], false],
    ["no name, a current one", [twins, ""], true],
    ["a name that occurs once", [names, "b"], true],
    ["a name that occurs twice", [twins, "root"], false],
    ["the path of one of them", [twins, "root/root"], true],
    ["a reference", [twins, "snapshot-2"], true],
    ["another name", [twins, "base"], false],
    ["a name that differs in case", [names, "B"], false],
  ])("%s", (_, [snapshots, snapshot], expected) => {
    expect(hasSnapshotFor(snapshots, { snapshot })).toBe(expected);
  });
});

describe("the snapshots that are needed", () => {
  const linked = (snapshot?: string) => ({ cloneMode: "linkedClone", snapshot });
  test.each([
    ["no MachineSet", [], []],
    ["full clones, though one names a snapshot", [{ snapshot: "root" }, { cloneMode: "fullClone", snapshot: "x" }], []],
    ["a linked clone without a name: one of ours", [linked(), linked("")], ["bootwarden"]],
    ["a linked clone with a name", [linked("root")], ["root"]],
    ["one with and one without: the named one is the current one, too", [linked(""), linked("root")], ["root"]],
    ["several names, each once", [linked("b"), linked("a"), linked("b")], ["a", "b"]],
  ])("%s", (_, clonings, expected) => {
    expect(snapshotNames(clonings)).toEqual(expected);
  });
});
