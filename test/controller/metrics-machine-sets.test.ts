// The metrics of MachineSets, their templates, datastores and failures, and how many series there are.
import { expect, test } from "vitest";
import { createMetrics } from "../../controller/metrics.ts";
import { linesOf, machineSet, verdict } from "./served.ts";

const standing = {
  machineSet: "a",
  managedBy: "Bootwarden",
  release: null,
  target: "9.6.1",
  isUpToDate: false,
  reason: "TemplateMissing",
} as const;

test("the standing of each template, and the present conditions, without those of before", async () => {
  const metrics = createMetrics("0");
  metrics.templates([standing, { ...standing, machineSet: "b" }]);
  metrics.templates([{ ...standing, release: "9.6.1", reason: "OnTarget", isUpToDate: true }]);
  const labels = 'machineset="a",managed_by="Bootwarden",release="9.6.1",target="9.6.1",reason="OnTarget"';
  expect(await linesOf(metrics, "bootwarden_machineset_template_info")).toEqual([
    `bootwarden_machineset_template_info{${labels}} 1`,
  ]);
  metrics.conditions([{ type: "TakeoverAhead", status: "True", reason: "TakeoverAhead" }]);
  metrics.conditions([{ type: "TakeoverAhead", status: "False", reason: "NoTakeover" }]);
  expect(await linesOf(metrics, "bootwarden_condition")).toEqual([
    'bootwarden_condition{type="TakeoverAhead",status="False",reason="NoTakeover"} 1',
  ]);
});

test("whether a MachineSet is up to date: yes, no, or nothing where that is not known", async () => {
  const metrics = createMetrics("0");
  metrics.templates([
    { ...standing, isUpToDate: true },
    { ...standing, machineSet: "b" },
    { ...standing, machineSet: "c", isUpToDate: null, reason: "VCenterUnreachable" },
  ]);
  expect(await linesOf(metrics, "bootwarden_machineset_up_to_date")).toEqual([
    'bootwarden_machineset_up_to_date{machineset="a"} 1',
    'bootwarden_machineset_up_to_date{machineset="b"} 0',
  ]);
  metrics.templates([]);
  expect(await linesOf(metrics, "bootwarden_machineset_up_to_date")).toEqual([]);
});

test("room in datastores, and none of those that could not be looked at this time", async () => {
  const metrics = createMetrics("0");
  const one = { server: "vc", datastore: "/dc/datastore/a", freeBytes: 5 };
  metrics.datastores([one, { ...one, datastore: "/dc/datastore/b" }]);
  metrics.datastores([{ ...one, freeBytes: 7 }]);
  expect(await linesOf(metrics, "bootwarden_datastore_free_bytes")).toEqual([
    'bootwarden_datastore_free_bytes{server="vc",datastore="/dc/datastore/a"} 7',
  ]);
});

test("new Machines by MachineSet, from zero on, and none of a MachineSet that is gone", async () => {
  const metrics = createMetrics("0");
  metrics.newMachine("early", "Failed", 60);
  metrics.newMachine("", "NotInTime", 2700);
  metrics.machineSets([machineSet({})], []);
  metrics.newMachine("a", "Verified", 600);
  metrics.newMachine("a", "Verified", 700);
  metrics.machineSets([machineSet({})], []);
  const series = (outcome: string, count: number, name = "a") =>
    `bootwarden_new_machines_total{machineset="${name}",outcome="${outcome}"} ${count}`;
  const others = [series("Failed", 0), series("NotInTime", 0), series("Mismatch", 0)];
  const found = await linesOf(metrics, "bootwarden_new_machines_total");
  expect(found.sort()).toEqual([series("NotInTime", 1, ""), series("Verified", 2), ...others].sort());
  expect(await linesOf(metrics, "bootwarden_new_machine_seconds")).toContain("bootwarden_new_machine_seconds_count 2");
  metrics.machineSets([], []);
  expect(await linesOf(metrics, "bootwarden_new_machines_total")).toEqual([series("NotInTime", 1, "")]);
});

test("at most 10 series of a MachineSet and 6 of a Node, however much changed before", async () => {
  const metrics = createMetrics("0");
  for (const [state, reason] of [
    ["UpToDate", "OnTarget"],
    ["Failed", "LeaseFailed"],
    ["Contested", "Contested"],
  ] as const) {
    metrics.machineSets([machineSet({ state, reason })], ["9.6"]);
    metrics.templates([{ ...standing, reason, release: reason }]);
    metrics.failures(
      ["MachineSet", "Machine"].map((kind) => ({ kind: kind as "MachineSet", name: "a", reason, message: "" })),
    );
  }
  for (const outcome of ["Verified", "Failed", "NotInTime", "Mismatch"] as const) metrics.newMachine("a", outcome, 600);
  for (const reason of ["DigestMatch", "NoReport", "OSImageMismatch"] as const)
    metrics.nodes(new Map([["n", verdict({ verdict: "Unknown", reason })]]));
  const lines = (await metrics.registry.metrics()).split("\n");
  expect(lines.filter((line) => /\{.*(machineset|name)="a"/.test(line))).toHaveLength(9);
  expect(lines.filter((line) => /\{.*(node|name)="n"/.test(line))).toHaveLength(1);
});

test("MachineSets and the targets, without what was before", async () => {
  const metrics = createMetrics("0");
  metrics.machineSets([machineSet({}), machineSet({ name: "b", managedBy: "MCO", state: "Skipped" })], ["9.6"]);
  metrics.machineSets([machineSet({ state: "Failed", reason: "LeaseFailed" })], ["9.8", "10.2"]);
  expect(await linesOf(metrics, "bootwarden_machineset_state")).toEqual([
    'bootwarden_machineset_state{machineset="a",managed_by="Bootwarden",state="Failed",reason="LeaseFailed"} 1',
  ]);
  expect(await linesOf(metrics, "bootwarden_target_info")).toEqual([
    'bootwarden_target_info{release="9.8"} 1',
    'bootwarden_target_info{release="10.2"} 1',
  ]);
  metrics.machineSets([], []);
  expect(await linesOf(metrics, "bootwarden_machineset_state")).toEqual([]);
  expect(await linesOf(metrics, "bootwarden_target_info")).toEqual([]);
});

test("what is wrong, and that it no longer is", async () => {
  const metrics = createMetrics("0");
  metrics.failures([{ kind: "MachineSet", name: "a", reason: "NoWorkspace", message: "m" }]);
  expect(await linesOf(metrics, "bootwarden_failure")).toEqual([
    'bootwarden_failure{kind="MachineSet",name="a",reason="NoWorkspace"} 1',
  ]);
  metrics.failures([]);
  expect(await linesOf(metrics, "bootwarden_failure")).toEqual([]);
});
