import { describe, expect, test } from "vitest";
import { isOurs, isTemplateOf } from "../../../controller/apply/ownership.ts";
import type { TemplateFacts } from "../../../controller/vsphere/template.ts";

const markers = { cluster: "lab", release: "9.8", sha256: "ab", name: "lab-rhcos-a-9.8", temp: "bootwarden-import-1" };
const template: TemplateFacts = {
  reference: { type: "VirtualMachine", value: "vm-1" },
  path: "/dc/vm/lab/lab-rhcos-a-9.8",
  name: "lab-rhcos-a-9.8",
  isTemplate: true,
  poweredOn: false,
  productVersion: "9.8",
  markers,
  instanceUuid: null,
  biosUuid: null,
  createDate: null,
};
const owner = { infrastructureName: "lab", isMachine: ({ name }: { name: string }) => name === "lab-rhcos-b-9.8" };

describe("ours", () => {
  test.each([
    ["a finished template", {}, true],
    ["one under its temporary name", { name: "bootwarden-import-1" }, true],
    ["an unfinished one, powered off", { name: "bootwarden-import-1", isTemplate: false }, true],
    ["a running VM under our name", { isTemplate: false, poweredOn: true }, false],
    ["a worker that inherited the markers", { name: "lab-worker-a-1", isTemplate: false, poweredOn: true }, false],
    ["such a worker, powered off", { name: "lab-worker-a-1", isTemplate: false }, false],
    ["one that the admin renamed", { name: "golden" }, false],
    ["one of another cluster", { markers: { ...markers, cluster: "other" } }, false],
    [
      "one that bears a name of ours and a Machine's",
      { name: "lab-rhcos-b-9.8", markers: { ...markers, name: "lab-rhcos-b-9.8" } },
      false,
    ],
    ["one without markers", { markers: null }, false],
  ])("%s: %o → %s", (_, own, expected) => {
    expect(isOurs({ ...template, ...own }, owner)).toBe(expected);
  });
});

describe("a template of the release", () => {
  test.each([
    ["ours", {}, true],
    ["somebody else's", { markers: null }, true],
    ["a VM", { isTemplate: false }, false],
    ["of another release", { productVersion: "9.6" }, false],
    ["ours, whose content was replaced", { productVersion: "9.6", markers }, false],
    ["of no release", { productVersion: null }, false],
  ])("%s", (_, own, expected) => {
    expect(isTemplateOf({ ...template, ...own }, "9.8")).toBe(expected);
  });
});
