// What vCenter must say of a template right before it goes: that it still is what the decision was made about.
import { expect, test } from "vitest";
import { mayRetire } from "../../../controller/apply/retire.ts";
import type { TemplateFacts } from "../../../controller/vsphere/template.ts";

const [name, path, release] = ["lab-rhcos-a-9.6", "/dc/vm/lab/lab-rhcos-a-9.6", "9.6"];
const markers = { cluster: "lab", release, sha256: "ab", name, temp: "bootwarden-import-1" };
const facts: TemplateFacts = {
  ...{ reference: { type: "VirtualMachine", value: "vm-1" }, path, name, markers, productVersion: release },
  ...{ isTemplate: true, poweredOn: false, instanceUuid: "own", biosUuid: null, createDate: null },
};
const retired = { name, path, release };
const owner = {
  infrastructureName: "lab",
  isMachine: ({ instanceUuid }: { instanceUuid: string | null }) => instanceUuid === "machine",
};

test.each<[string, Partial<TemplateFacts>, boolean]>([
  ["as it was", {}, true],
  ["of no release but its marker's", { productVersion: null }, true],
  ["renamed", { name: "golden" }, false],
  ["renamed to its temporary name", { name: markers.temp }, false],
  ["moved to another folder", { path: `/dc/vm/elsewhere/${name}` }, false],
  ["converted to a virtual machine", { isTemplate: false }, false],
  ["running", { isTemplate: false, poweredOn: true }, false],
  ["with another release's content", { productVersion: "9.8" }, false],
  ["with another release's markers", { markers: { ...markers, release: "9.8" } }, false],
  ["with another cluster's markers", { markers: { ...markers, cluster: "other" } }, false],
  ["with another name in its markers", { markers: { ...markers, name: "other" } }, false],
  ["without markers", { markers: null }, false],
  ["a Machine by now", { instanceUuid: "machine" }, false],
])("%s", (_, changed, expected) => {
  expect(mayRetire({ ...facts, ...changed }, retired, owner)).toBe(expected);
});

test("under its temporary name it stays, also where it had that before", () => {
  const temporary = { ...facts, name: markers.temp, path: "/dc/vm/lab/tmp" };
  expect(mayRetire(temporary, { ...retired, name: markers.temp, path: "/dc/vm/lab/tmp" }, owner)).toBe(false);
});
