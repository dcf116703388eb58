import { expect, test } from "vitest";
import { type BootImageCheckInput, checkBootImage } from "../../../controller/decide/boot-image-check.ts";

const release = "9.6.20261028-0";
const machine = { name: "m", createdAt: "2026-11-20T10:10:00Z", template: "lab-rhcos" };
const before = "2026-11-20T10:09:59.9Z";
const template = { release, marker: true, createDate: null };
const unmarked = { release, marker: false, createDate: before };

test.each<[string, Partial<BootImageCheckInput>, string]>([
  ["marked", {}, "Match"],
  ["marked, another release", { aleph: "9.4.20250101-0" }, "Mismatch"],
  ["not marked, older than the Machine", { template: unmarked }, "Match"],
  ["not marked, older, another release", { template: unmarked, aleph: "9.4.20250101-0" }, "Mismatch"],
  [
    "made after the Machine",
    { template: { ...unmarked, createDate: "2026-11-20T10:10:01Z" } },
    "NotKnown/TemplateChangedSince",
  ],
  [
    "made in the same second",
    { template: { ...unmarked, createDate: machine.createdAt } },
    "NotKnown/TemplateChangedSince",
  ],
  ["no date", { template: { ...unmarked, createDate: null } }, "NotKnown/TemplateChangedSince"],
  ["an odd date", { template: { ...unmarked, createDate: "yesterday" } }, "NotKnown/TemplateChangedSince"],
  ["no template", { template: null }, "NotKnown/TemplateReleaseUnknown"],
  ["no product version", { template: { ...template, release: null } }, "NotKnown/TemplateReleaseUnknown"],
  ["no Machine", { machine: null }, "NotKnown/NoMachine"],
  ["no aleph", { aleph: null }, "NotKnown/NoAleph"],
])("%s", (_, over, expected) => {
  const { check, message } = checkBootImage({ machine, template, aleph: release, ...over });
  expect(check).toBe(expected);
  expect(message).not.toBe("");
});
