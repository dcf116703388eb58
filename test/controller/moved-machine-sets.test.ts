// The moved MachineSets: to what the rollout moves them, and no other.
import { expect, test } from "vitest";
import { decided, refused } from "../../controller/decide/decision.ts";
import type { MachineSetInput } from "../../controller/decide/machine-set-state.ts";
import { movedMachineSets } from "../../controller/moved-machine-sets.ts";
import { a, one, release, template } from "./decide/plan-input.ts";

const noted = { ...a, annotations: { "bootwarden.io/previous-template": "before" } };
const [ours, theirs] = [one(noted, { release, ours: true }), one(noted, { release, path: "/dc/vm/golden" })];
const golden = { ...template(a, "golden"), path: "/dc/vm/golden" };

test.each<[string, MachineSetInput, boolean]>([
  ["a template of ours", ours, true],
  ["a template of ours of another release", one(noted, { release: "9.4.20250101-0", ours: true }), false],
  ["a template of ours, but by somebody else", { ...ours, facts: a }, false],
  ["somebody else's template", theirs, false],
  ["the template that spec.imageSource names", { ...theirs, prestaged: decided(golden) }, true],
  ["another template than it names", { ...theirs, prestaged: decided({ ...golden, path: "/dc/vm/x" }) }, false],
  ["a template that cannot be used", { ...theirs, prestaged: refused("PrestagedMismatch", "x") }, false],
  ["what vCenter does not tell of", { ...ours, templateNow: refused("VCenterUnreachable", "x") }, false],
])("to %s", (_, machineSet, expected) => {
  const moved = { machineSet: a.name, template: a.provider?.template, previousTemplate: "before" };
  expect(movedMachineSets([machineSet], new Set([release]))).toEqual(expected ? [moved] : []);
});
