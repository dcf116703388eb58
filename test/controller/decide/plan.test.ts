// The plan: states and steps.
import { expect, test } from "vitest";
import { decided, refused } from "../../../controller/decide/decision.ts";
import type { MachineSetInput } from "../../../controller/decide/machine-set-state.ts";
import type { Manager } from "../../../controller/decide/manager.ts";
import { templateSubject } from "../../../controller/decide/next-steps.ts";
import { placeOf } from "../../../controller/decide/place.ts";
import { type PlanInput, plan } from "../../../controller/decide/plan.ts";
import { imageOf } from "./boot-images.ts";
import {
  a,
  b,
  c,
  domains,
  folder,
  image,
  input,
  nameA,
  nameB,
  old,
  one,
  release,
  template,
  told,
} from "./plan-input.ts";

const moveA = `Move lab-7x2kq-worker-a from lab-7x2kq-rhcos-fd-east-a to ${nameA}`;
const moveB = `Move lab-7x2kq-worker-b from lab-7x2kq-rhcos-fd-east-b to ${nameB}`;
const moveC = `Move lab-7x2kq-worker-custom from golden/rhcos-custom to ${nameA}`;
const importA = `Import ${nameA} to fd-east-a`;
const ten = decided(imageOf("10.2.20261029-0"));
const nameTen = nameA.replace(release, ten.ok ? ten.value.release : "");
const d = { ...b, name: "d" };
const moveD = [
  `Clone ${folder}/${nameTen} to ${nameTen.replace("east-a", "east-b")} in fd-east-b`,
  `Move d from lab-7x2kq-rhcos-fd-east-b to ${nameTen.replace("east-a", "east-b")}`,
];
const newer = { machineSets: [one(a, { release: "9.8.20270101-0" })] };
const back = (machineSet: MachineSetInput) => ({ ...machineSet, allowDowngrade: true });
const unknown = { machineSets: [one(a, { release: "42" })] };
const cloneB = `Clone ${folder}/${nameA} to ${nameB} in fd-east-b`;

test.each<[string, Partial<PlanInput>, string[]]>([
  ["one import, one clone, each place's moves after its template", {}, [importA, moveA, cloneB, moveB]],
  ["one template for one place", { machineSets: [one(a), one(c)] }, [importA, moveA, moveC]],
  ["on target", { machineSets: [one(a, { release }), one(b, { release })] }, []],
  ["newer", newer, []],
  ["newer, and back allowed", { machineSets: newer.machineSets.map(back) }, [importA, moveA]],
  ["of an unknown order, and back allowed", { machineSets: unknown.machineSets.map(back) }, [importA, moveA]],
  ["legacy is older", { machineSets: [one(a, { release: "418.94.202509100653-0" })] }, [importA, moveA]],
  ["an unknown scheme: the ConfigMap decides", unknown, [importA, moveA]],
  ["no release", { machineSets: [one(a, { release: null })] }, [importA, moveA]],
  ["no template", { machineSets: [one(a, { exists: false, release: null })] }, [importA, moveA]],
  ["template there", { machineSets: [one(a)], templates: [template(a, nameA)] }, [moveA]],
  ["template in the other place", { templates: [template(a, nameA)] }, [moveA, cloneB, moveB]],
  [
    "only the other place is behind",
    { machineSets: [one(a, { release }), one(b)], templates: [template(a, nameA)] },
    [cloneB, moveB],
  ],
  [
    "a template of an older image",
    { machineSets: [one(a)], templates: [template(a, "x", { image: imageOf(old), release: old })] },
    [importA, moveA],
  ],
  [
    "somebody else's template is used where it is, and never cloned",
    { templates: [template(a, nameA, { ours: false })] },
    [moveA, `Import ${nameB} to fd-east-b`, moveB],
  ],
  [
    "a template of another vCenter",
    { machineSets: [one(a)], templates: [template(a, nameA, { server: "vc-b", place: "west" })] },
    [importA, moveA],
  ],
  [
    "names held by others",
    {
      machineSets: [one(a)],
      taken: [nameA, `${nameA}-2`].map((name) => ({ server: "vc-a.lab.example.com", name })),
    },
    [`Import ${nameA}-3 to fd-east-a`, `${moveA}-3`],
  ],
  [
    "a name held in another vCenter",
    { machineSets: [one(a)], taken: [{ server: "vc-b", name: nameA }] },
    [importA, moveA],
  ],
  ["Observe", { mode: "Observe" }, []],
  ["no target", { machineSets: [{ ...one(a), target: refused("BootImagesMissing", "gone") }] }, []],
  [
    "no target for one",
    { machineSets: [{ ...one(b), target: refused("OtherStream", "x") }, one(a)] },
    [importA, moveA],
  ],
  [
    "one template for each image of a place, one import for each in the vCenter",
    { machineSets: [one(a), { ...one(c), target: ten }, one(b), { ...one(d), target: ten }] },
    [importA, moveA, `Import ${nameTen} to fd-east-a`, `${moveC.replace(nameA, nameTen)}`, cloneB, moveB, ...moveD],
  ],
  [
    "a template of another image of the place is no source",
    { machineSets: [{ ...one(c), target: ten }], templates: [template(a, nameA)] },
    [`Import ${nameTen} to fd-east-a`, moveC.replace(nameA, nameTen)],
  ],
])("steps: %s", (_, over, expected) => {
  expect(plan(input(over)).steps.map(told)).toEqual(expected);
});

test("two vCenters get an import each", () => {
  const workspace = { ...b.provider?.workspace, server: "vc-b.lab.example.com" };
  const far = { ...one(b), place: placeOf(workspace, "n", domains) };
  const kinds = plan(input({ machineSets: [one(a), far] })).steps.map(({ kind }) => kind);
  expect(kinds).toEqual(["Import", "Move", "Import", "Move"]);
});

const manager = (managedBy: Manager["managedBy"], reason: Manager["reason"]): Manager => ({
  managedBy,
  reason,
  message: "why",
});
const noPlace = refused("NoWorkspace", "no folder");
const arm = { ...one(a), target: refused("NoVmwareImage", "x") };
const key = templateSubject({ place: placeOfA(), image });

test.each<[string, Partial<PlanInput>, string]>([
  ["behind", {}, "Updating MovingTemplate"],
  ["Observe", { mode: "Observe" }, "Outdated Behind"],
  ["Observe, missing", { mode: "Observe", machineSets: [one(a, { exists: false })] }, "Outdated TemplateMissing"],
  ["on target", { machineSets: [one(a, { release })] }, "UpToDate OnTarget"],
  [
    "Observe, replaced by the target's content",
    { mode: "Observe", machineSets: [one(a, { release, replaced: "9.4.20260101-0" })] },
    "Outdated ContentReplaced",
  ],
  ["newer", { machineSets: [one(a, { release: "10.0.20270101-0" })] }, "UpToDate NewerThanTarget"],
  ["MCO", { machineSets: [{ ...one(a), manager: manager("MCO", "ManagedByMCO") }] }, "Skipped ManagedByMCO"],
  ["nobody", { machineSets: [{ ...one(a), manager: manager("Nobody", "OnHold") }] }, "Skipped OnHold"],
  ["no workspace", { machineSets: [{ ...one(a), place: noPlace }] }, "Failed NoWorkspace"],
  ["no vCenter", { machineSets: [{ ...one(a), templateNow: refused("LoginRefused", "x") }] }, "Failed LoginRefused"],
  ["arm", { machineSets: [arm] }, "Skipped NoVmwareImage"],
  [
    "no ConfigMap",
    { machineSets: [{ ...one(a), target: refused("BootImagesMissing", "x") }] },
    "Failed BootImagesMissing",
  ],
  ["upgrade", { machineSets: [{ ...one(a), target: refused("ClusterUpdating", "x") }] }, "Skipped ClusterUpdating"],
  [
    "the place failed",
    { failures: new Map([[key, { reason: "ChecksumMismatch", message: "x" } as const]]) },
    "Failed ChecksumMismatch",
  ],
  [
    "the move failed",
    { failures: new Map([[a.name, { reason: "MachineSetWriteRefused", message: "x" } as const]]) },
    "Failed MachineSetWriteRefused",
  ],
  [
    "a failure that is past",
    {
      machineSets: [one(a, { release })],
      failures: new Map([[key, { reason: "ChecksumMismatch", message: "x" } as const]]),
    },
    "UpToDate OnTarget",
  ],
])("state: %s", (_, over, expected) => {
  const [state] = plan(input(over)).machineSets;
  expect(`${state?.state} ${state?.reason}`).toBe(expected);
});

test.each([
  ["a target of an unknown scheme", "scos-9.1", "9.6.20261028-0"],
  ["a template of an unknown scheme", "9.6.20261028-0", "scos-9.1"],
  ["two unknown schemes", "scos-9.1", "fcos-42"],
])("%s is moved to once, and then it is the target", (_, to, from) => {
  for (const allowDowngrade of [false, true]) {
    const standing = (now: string) => {
      const machineSet = { ...one(a, { release: now }), target: decided(imageOf(to)), allowDowngrade };
      return plan(input({ machineSets: [machineSet] })).machineSets[0]?.reason;
    };
    expect([standing(from), standing(to)]).toEqual(["MovingTemplate", "OnTarget"]);
  }
});

test("Observe says what Manage would do", () => {
  const [first, second] = plan(input({ mode: "Observe" })).machineSets;
  expect(first?.message).toContain(`import template ${nameA}, then move to ${nameA}`);
  expect(second?.message).toContain(`clone template ${nameB}, then move to ${nameB}`);
});

test("a failed step stays in the plan, the other MachineSets go on", () => {
  const failures = new Map([[key, { reason: "UploadFailed", message: "x" } as const]]);
  const { steps, machineSets } = plan(input({ failures }));
  expect(steps).toHaveLength(4);
  expect(machineSets.map(({ state }) => state)).toEqual(["Failed", "Updating"]);
});

function placeOfA() {
  const { place } = one(a);
  if (!place.ok) throw new TypeError(place.message);
  return place.value;
}

test("a MachineSet that cannot be read is said to be Failed, and hinders no other", () => {
  const { machineSets, steps } = plan(input({ unreadable: new Map([["odd", "spec is missing"]]) }));
  expect(machineSets.at(-1)).toMatchObject({ name: "odd", state: "Failed", reason: "ObjectUnreadable" });
  expect(steps.map(({ kind }) => kind)).toEqual(plan(input()).steps.map(({ kind }) => kind));
});
