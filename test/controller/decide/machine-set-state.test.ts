// The state of a MachineSet whose image is a template that the admin made, or whose machines could not join.
import { describe, expect, test } from "vitest";
import { decided, refused } from "../../../controller/decide/decision.ts";
import { type MachineSetInput, stateOf, type TemplateNow } from "../../../controller/decide/machine-set-state.ts";
import { plan } from "../../../controller/decide/plan.ts";
import type { TemplateFacts } from "../../../controller/decide/steps.ts";
import { a, b, image, input, old, one, release, template, told } from "./plan-input.ts";

const { url: _, sha256: __, ...known } = image;
const prestaged = { ...known, template: "golden/rhcos" };
const path = "/dc-east/vm/golden/rhcos";
const golden: TemplateFacts = { ...template(a, "rhcos", { ours: false }), image: prestaged, path };

function standing(now: Partial<TemplateNow>, over: Partial<MachineSetInput> = {}) {
  const machineSet = { ...one(a, now), target: decided(prestaged), prestaged: decided(golden), ...over };
  const { state, reason } = stateOf(machineSet);
  return `${state} ${reason}`;
}

describe("against a template that spec.imageSource names", () => {
  const refuse = (reason: "PrestagedMissing" | "PrestagedMismatch" | "PrestagedElsewhere") => ({
    prestaged: refused(reason, "x"),
  });
  const newer = { release: "9.8.20270101-0" };
  test.each<[string, [now: Partial<TemplateNow>, over?: Partial<MachineSetInput>], string]>([
    ["an older one", [{ release: old }], "Outdated Behind"],
    ["that very one", [{ release, path }], "UpToDate OnTarget"],
    ["that very one, with another release in its name", [{ release, path, replaced: old }], "UpToDate OnTarget"],
    ["another one of the release", [{ release }], "Outdated OtherTemplate"],
    ["none at all", [{ exists: false, release: null, path: null }], "Outdated TemplateMissing"],
    ["a name that two have", [{ release: null, path: null, copies: 2 }], "Outdated TemplateAmbiguous"],
    ["a newer one", [newer], "UpToDate NewerThanTarget"],
    ["a newer one, and back allowed", [newer, { allowDowngrade: true }], "Outdated Behind"],
    [
      "an older one, when it is of another release",
      [{ release: old }, refuse("PrestagedMismatch")],
      "Failed PrestagedMismatch",
    ],
    ["one of the release, when it is missing", [{ release }, refuse("PrestagedMissing")], "Failed PrestagedMissing"],
    ["a newer one, when it is missing", [newer, refuse("PrestagedMissing")], "UpToDate NewerThanTarget"],
    ["an older one elsewhere", [{ release: old }, refuse("PrestagedElsewhere")], "Skipped PrestagedElsewhere"],
  ])("%s", (_name, [now, over], expected) => {
    expect(standing(now, over)).toBe(expected);
  });

  test("a MachineSet is moved to it, and nothing is made", () => {
    const machineSets = [one(a), one(b)].map((machineSet) => ({
      ...machineSet,
      target: decided(prestaged),
      prestaged: decided(golden),
    }));
    const other = { ...golden, ...template(b, "rhcos", { ours: false }), image: prestaged, path };
    const { steps } = plan(input({ machineSets, templates: [golden, other] }));
    expect(steps.map(told)).toEqual([
      "Move lab-7x2kq-worker-a from lab-7x2kq-rhcos-fd-east-a to rhcos",
      "Move lab-7x2kq-worker-b from lab-7x2kq-rhcos-fd-east-b to rhcos",
    ]);
    expect(steps.map((step) => step.path)).toEqual([path, path]);
  });

  test("one that cannot be used makes nothing either", () => {
    const machineSet = { ...one(a), target: decided(prestaged), prestaged: refused("PrestagedMissing", "x") };
    expect(plan(input({ machineSets: [machineSet] })).wanted).toEqual([]);
  });
});

describe("with user data that a present boot image cannot read", () => {
  const userData = refused("UserDataOld", "spec 2");
  test.each<[string, Partial<TemplateNow>, string]>([
    ["behind", { release: old }, "Failed UserDataOld"],
    ["without a template", { exists: false, release: null }, "Failed UserDataOld"],
    ["at the target", { release }, "UpToDate OnTarget"],
    ["newer", { release: "9.8.20270101-0" }, "UpToDate NewerThanTarget"],
  ])("%s", (_name, now, expected) => {
    const { state, reason } = stateOf({ ...one(a, now), userData });
    expect(`${state} ${reason}`).toBe(expected);
  });

  test("nothing is made for it, and others go on", () => {
    const { wanted, machineSets } = plan(input({ machineSets: [{ ...one(a), userData }, one(b)] }));
    expect(wanted.map(told)).toEqual([
      `Import lab-7x2kq-rhcos-fd-east-b-${release} to fd-east-b`,
      `Move lab-7x2kq-worker-b from lab-7x2kq-rhcos-fd-east-b to lab-7x2kq-rhcos-fd-east-b-${release}`,
    ]);
    expect(machineSets.map(({ state }) => state)).toEqual(["Failed", "Updating"]);
  });
});
