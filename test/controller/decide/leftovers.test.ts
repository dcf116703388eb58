// Which leftovers may go: never in Observe mode, where work is going on, or under a name that somebody uses.
import { expect, test } from "vitest";
import { leftovers } from "../../../controller/decide/leftovers.ts";

const temp = "bootwarden-import-0a1b2c3d";
const left = { server: "vc", name: temp, markers: { temp } };
const finished = { server: "vc", name: "lab-rhcos-a-9.8", markers: { temp } };
const input = {
  mode: "Manage" as const,
  templates: [left, finished],
  references: [],
  unread: [],
  busy: new Set<string>(),
};

test.each([
  ["under its temporary name", {}, [left]],
  ["in Observe mode", { mode: "Observe" as const }, []],
  ["while a list cannot be read", { unread: ["Machine/x"] }, []],
  ["where a template is being made", { busy: new Set(["vc"]) }, []],
  ["where one is being made in another vCenter", { busy: new Set(["other"]) }, [left]],
  ["that is named", { references: [{ template: `/dc/vm/x/${temp}`, by: "MachineSet/a" }] }, []],
  ["while others are named", { references: [{ template: finished.name, by: "MachineSet/a" }] }, [left]],
])("what was left %s", (_, own, expected) => {
  expect(leftovers({ ...input, ...own })).toEqual(expected);
});
