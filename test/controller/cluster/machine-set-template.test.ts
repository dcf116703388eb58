// The JSON Patch that points a MachineSet at another template.
import { expect, test } from "vitest";
import { patchOf } from "../../../controller/cluster/machine-set-template.ts";

const template = "/spec/template/spec/providerSpec/value/template";
const noted = "/metadata/annotations/bootwarden.io~1previous-template";
const guard = { op: "test", path: "/metadata/resourceVersion", value: "4711" };

test("a MachineSet with annotations keeps them", () => {
  expect(patchOf({ annotations: { a: "b" }, resourceVersion: "4711" }, { was: "old", template: "new" })).toEqual([
    { op: "test", path: template, value: "old" },
    { op: "replace", path: template, value: "new" },
    { op: "add", path: noted, value: "old" },
  ]);
});

test("one without gets the map, unless somebody made it in the meantime", () => {
  expect(patchOf({ annotations: {}, resourceVersion: "4711" }, { was: "old", template: "new" })).toEqual([
    { op: "test", path: template, value: "old" },
    guard,
    { op: "replace", path: template, value: "new" },
    { op: "add", path: "/metadata/annotations", value: {} },
    { op: "add", path: noted, value: "old" },
  ]);
});

test("one that names no template gets one, unless it was changed in the meantime", () => {
  expect(patchOf({ annotations: { a: "b" }, resourceVersion: "4711" }, { was: "", template: "new" })).toEqual([
    guard,
    { op: "add", path: template, value: "new" },
    { op: "add", path: noted, value: "" },
  ]);
});

test.each([
  ["annotations and template", { a: "b" }, "old"],
  ["no annotations", {}, "old"],
  ["no template", { a: "b" }, ""],
  ["neither", {}, ""],
])(
  "every guard of a MachineSet with %s stands before the first change, and it says nothing else of the spec",
  (_, annotations, was) => {
    const patch = patchOf({ annotations, resourceVersion: "4711" }, { was, template: "new" });
    const firstChange = patch.findIndex(({ op }) => op !== "test");
    expect(firstChange).toBeGreaterThan(0);
    expect(patch.slice(firstChange).filter(({ op }) => op === "test")).toEqual([]);
    expect(patch.filter(({ path }) => path.startsWith("/spec/")).every(({ path }) => path === template)).toBe(true);
  },
);
