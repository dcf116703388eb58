// The template standings: of every MachineSet, whoever manages it.
import { expect, test } from "vitest";
import { refused } from "../../../controller/decide/decision.ts";
import type { Manager } from "../../../controller/decide/manager.ts";
import { templateStandings } from "../../../controller/decide/template-standing.ts";
import { a, old, one, release } from "./plan-input.ts";

const gone = { exists: false, release: null };
const waiting = refused("ClusterUpdating", "wait");
const by = (managedBy: Manager["managedBy"], reason: Manager["reason"]): Manager => ({
  managedBy,
  reason,
  message: "why",
});

test.each<[string, ReturnType<typeof one>, string, string | null, boolean | null]>([
  ["on target", one(a, { release }), "OnTarget", release, true],
  ["behind", one(a), "Behind", old, false],
  ["gone", one(a, gone), "TemplateMissing", null, false],
  ["there twice", one(a, { exists: true, copies: 2, release: null }), "TemplateAmbiguous", null, false],
  ["replaced", one(a, { release, replaced: old }), "ContentReplaced", release, false],
  ["behind, with the MCO", { ...one(a), manager: by("MCO", "ManagedByMCO") }, "Behind", old, false],
  ["behind, on hold", { ...one(a), manager: by("Nobody", "OnHold") }, "OnHold", old, null],
  ["gone, on hold", { ...one(a, gone), manager: by("Nobody", "OnHold") }, "TemplateMissing", null, false],
  ["held against nothing while the cluster is upgraded", { ...one(a), target: waiting }, "ClusterUpdating", old, null],
  ["gone while the cluster is upgraded", { ...one(a, gone), target: waiting }, "TemplateMissing", null, false],
  [
    "not known",
    { ...one(a), templateNow: refused("VCenterUnreachable", "no answer") },
    "VCenterUnreachable",
    null,
    null,
  ],
])("a template that is %s", (...[, machineSet, reason, found, isUpToDate]) => {
  const { managedBy } = machineSet.manager;
  const target = machineSet.target.ok ? release : null;
  const standing = { machineSet: a.name, managedBy, release: found, target, isUpToDate, reason };
  expect(templateStandings([machineSet])).toEqual([standing]);
});

test("a MachineSet without a vSphere provider has no template", () => {
  expect(templateStandings([{ ...one(a), facts: { ...a, provider: null } }])).toEqual([]);
});
