// The size of a template's disk for linked clones: what their machines have now.
import { expect, test } from "vitest";
import {
  type DiskUser,
  linkedDiskBytes,
  mostDiskBytes,
  type PresentDisk,
} from "../../../controller/decide/linked-disk.ts";

const gibibyte = 2 ** 30;
const linked = (own: Partial<DiskUser> = {}): DiskUser => ({ template: "t", cloneMode: "linkedClone", ...own });
const full = (diskGiB?: number): DiskUser => ({ template: "t", diskGiB });
const present = (gib: number, own: Partial<PresentDisk> = {}): PresentDisk => ({
  template: "t",
  diskBytes: gib * gibibyte,
  snapshots: { hasCurrent: true, tree: [] },
  ...own,
});
const unsnapped = { snapshots: { hasCurrent: false, tree: [] } };

test.each<[string, [DiskUser[], PresentDisk[]], number | null]>([
  ["full clones take care of themselves", [[full(120)], [present(100)]], null],
  ["a linked clone has its template's", [[linked({ diskGiB: 16 })], [present(100)]], 100],
  ["without a snapshot it was a full clone", [[linked({ diskGiB: 120 })], [present(16, unsnapped)]], 120],
  ["without one of the name, too", [[linked({ snapshot: "x", diskGiB: 120 })], [present(16)]], 120],
  ["a template that is gone", [[linked({ diskGiB: 120 })], []], 120],
  ["nothing is known", [[linked()], []], null],
  ["vCenter does not say", [[linked({ diskGiB: 60 })], [present(0, { diskBytes: null })]], 60],
  [
    "the largest of several",
    [
      [linked(), linked({ template: "u" })],
      [present(80), present(100, { template: "u" })],
    ],
    100,
  ],
  ["never more than a full clone can have", [[linked(), full(60), full(120)], [present(100)]], 60],
  ["a full clone without a size says nothing", [[linked(), full()], [present(100)]], 100],
])("%s", (_, [users, templates], gib) => {
  expect(linkedDiskBytes(users, templates)).toBe(gib === null ? null : gib * gibibyte);
});

test.each<[string, DiskUser[], number | null]>([
  ["the smallest of full clones", [full(120), full(60)], 60],
  ["not that of a linked clone, which does not get it", [full(120), linked({ diskGiB: 16 })], 120],
  ["not one that is left out", [full(), full(0), full(80)], 80],
  ["no limit without full clones", [linked({ diskGiB: 16 })], null],
])("at most %s", (_, users, gib) => {
  expect(mostDiskBytes(users)).toBe(gib === null ? null : gib * gibibyte);
});
