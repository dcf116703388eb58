// Which templates a provider spec names: as the Machine API looks them up, in one datacenter of one vCenter.
import { expect, test } from "vitest";
import { isNamedBy } from "../../../controller/decide/named-template.ts";

const workspace = { server: "vc", datacenter: "dc" };

test.each<[string, string, { server: string; path: string }, boolean]>([
  ["a bare name, in whatever folder", "t", { server: "vc", path: "/dc/vm/a/b/t" }, true],
  ["a bare name, in no folder", "t", { server: "vc", path: "/dc/vm/t" }, true],
  ["a bare name, of a longer one", "t", { server: "vc", path: "/dc/vm/a/not-t" }, false],
  ["a bare name, in another datacenter", "t", { server: "vc", path: "/dc-b/vm/a/t" }, false],
  ["a bare name, in another vCenter", "t", { server: "vc-b", path: "/dc/vm/a/t" }, false],
  ["a path", "/dc/vm/a/t", { server: "vc", path: "/dc/vm/a/t" }, true],
  ["a path with other slashes", "/dc//vm/a/t/", { server: "vc", path: "/dc/vm/a/t" }, true],
  ["a path to another datacenter, which it says itself", "/dc-b/vm/a/t", { server: "vc", path: "/dc-b/vm/a/t" }, true],
  ["a path, in another folder", "/dc/vm/a/t", { server: "vc", path: "/dc/vm/b/t" }, false],
  ["a path, in another vCenter", "/dc/vm/a/t", { server: "vc-b", path: "/dc/vm/a/t" }, false],
  ["a relative path", "a/t", { server: "vc", path: "/dc/vm/a/t" }, true],
  ["a relative path, in another datacenter", "a/t", { server: "vc", path: "/dc-b/vm/a/t" }, false],
  ["nothing", "", { server: "vc", path: "/dc/vm/a/t" }, false],
])("%s", (...[, template, found, named]) => {
  expect(isNamedBy({ template, workspace }, found)).toBe(named);
});

test.each(["dc", "/dc", "/dc/"])("datacenter %j is spelled in several ways", (datacenter) => {
  const provider = { template: "t", workspace: { server: "vc", datacenter } };
  expect(isNamedBy(provider, { server: "vc", path: "/dc/vm/t" })).toBe(true);
});

test.each([[null], [{}], [{ server: "vc" }], [{ datacenter: "dc" }]])(
  "a workspace that does not say where names none: %j",
  (somewhere) => {
    expect(isNamedBy({ template: "t", workspace: somewhere }, { server: "vc", path: "/dc/vm/t" })).toBe(false);
  },
);
