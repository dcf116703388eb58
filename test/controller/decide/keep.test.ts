// What a new template keeps of the present ones.
import { describe, expect, test } from "vitest";
import { type KeepInput, type Kept, keep, type PresentTemplate } from "../../../controller/decide/keep.ts";

const template: KeepInput["template"] = { diskProvisioning: "Auto", snapshot: "Auto" };
const present = (own: Partial<PresentTemplate> = {}): PresentTemplate => ({
  template: "rhcos",
  diskProvisioning: "thin",
  diskBytes: 2 ** 34,
  hardware: 15,
  snapshots: { hasCurrent: false, tree: [] },
  encrypted: false,
  customAttributes: [],
  permissions: [],
  ...own,
});
const nothing: Kept = {
  diskProvisioning: undefined,
  diskBytes: null,
  mostDiskBytes: null,
  hardware: null,
  tagIDs: [],
  snapshots: [],
  notKept: [],
};
const kept = (input: Partial<KeepInput>) => keep({ template, providers: [], present: [], ...input });

test("without a present template there is nothing to keep", () => {
  expect(kept({})).toEqual(nothing);
});

describe("the disk is laid out", () => {
  type Wish = KeepInput["template"]["diskProvisioning"];
  const all = [present(), present({ diskProvisioning: "eagerZeroedThick" }), present({ diskProvisioning: "thick" })];
  test.each<[Wish, PresentTemplate[], Kept["diskProvisioning"]]>([
    ["Auto", [present({ diskProvisioning: "thick" })], "thick"],
    ["Auto", all, "eagerZeroedThick"],
    ["Auto", [present({ diskProvisioning: null })], undefined],
    ["Thin", all, "thin"],
    ["Thick", [], "thick"],
    ["EagerZeroedThick", [present()], "eagerZeroedThick"],
  ])("%s: as the policy says, else as the present one that asks for most", (diskProvisioning, templates, expected) => {
    expect(kept({ template: { ...template, diskProvisioning }, present: templates }).diskProvisioning).toBe(expected);
  });
});

test("the hardware version is the highest", () => {
  expect(kept({ present: [present({ hardware: 19 }), present({ hardware: null }), present()] }).hardware).toBe(19);
});

test("tags of all MachineSets are attached once each", () => {
  const providers = [{ template: "", tagIDs: ["b", "a"] }, { template: "" }, { template: "", tagIDs: ["a"] }];
  expect(kept({ providers }).tagIDs).toEqual(["a", "b"]);
});

describe("snapshots", () => {
  const providers = [{ template: "rhcos", cloneMode: "linkedClone", snapshot: "root", diskGiB: 120 }];
  test("are made for linked clones, of a disk that is large enough", () => {
    expect(kept({ providers, present: [present()] })).toMatchObject({ snapshots: ["root"], diskBytes: 120 * 2 ** 30 });
  });
  test("are never made if the policy says so, and the disk stays as it is", () => {
    expect(kept({ providers, template: { ...template, snapshot: "Never" } })).toEqual(nothing);
  });
});

test("what cannot be kept is named by template", () => {
  const odd = present({
    template: "odd",
    encrypted: true,
    customAttributes: ["owner", "cost"],
    permissions: ["LAB\\x"],
  });
  expect(kept({ present: [present(), odd] }).notKept).toEqual([
    { template: "odd", what: ["its encryption", "the custom attributes owner, cost", "the permissions of LAB\\x"] },
  ]);
});
