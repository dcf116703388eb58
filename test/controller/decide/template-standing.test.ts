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

test.each<[string, ReturnType<typeof one>, string, string | null]>([
  ["on target", one(a, { release }), "OnTarget", release],
  ["behind", one(a), "Behind", old],
  ["gone", one(a, gone), "TemplateMissing", null],
  ["there twice", one(a, { exists: true, copies: 2, release: null }), "TemplateAmbiguous", null],
  ["replaced", one(a, { release, replaced: old }), "ContentReplaced", release],
  ["behind, with the MCO", { ...one(a), manager: by("MCO", "ManagedByMCO") }, "Behind", old],
  ["behind, on hold", { ...one(a), manager: by("Nobody", "OnHold") }, "OnHold", old],
  ["gone, on hold", { ...one(a, gone), manager: by("Nobody", "OnHold") }, "TemplateMissing", null],
  ["held against nothing while the cluster is upgraded", { ...one(a), target: waiting }, "ClusterUpdating", old],
  ["gone while the cluster is upgraded", { ...one(a, gone), target: waiting }, "TemplateMissing", null],
  ["not known", { ...one(a), templateNow: refused("VCenterUnreachable", "no answer") }, "VCenterUnreachable", null],
])("a template that is %s", (...[, machineSet, reason, found]) => {
  const { managedBy } = machineSet.manager;
  expect(templateStandings([machineSet])).toEqual([{ machineSet: a.name, managedBy, release: found, reason }]);
});

test("a MachineSet without a vSphere provider has no template", () => {
  expect(templateStandings([{ ...one(a), facts: { ...a, provider: null } }])).toEqual([]);
});
