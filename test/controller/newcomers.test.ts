// The newcomers: Machines as they come and go, what is measured of them, and what is said.
import { expect, test } from "vitest";
import { type MachineObject, readMachine } from "../../controller/cluster/machine-objects.ts";
import type { MachineTemplate } from "../../controller/decide/boot-image-check.ts";
import type { Verdict } from "../../controller/decide/verdict.ts";
import { createNewcomers } from "../../controller/newcomers.ts";
import { altered, objectOf } from "./cluster/objects.ts";

const fixture = objectOf("machine");
const created = Date.parse("2026-11-20T10:00:00Z");
const minutes = 60_000;
const release = "9.6.20261028-0";
/** By the label of the fixture. */
const machineSet = "lab-7x2kq-worker-a";

function machine(name: string, over: [string, unknown][] = []): MachineObject {
  const changes: [string, unknown][] = [
    ["metadata.name", name],
    ["metadata.uid", name],
    ["status.nodeRef.name", name],
    ...over,
  ];
  return readMachine(changes.reduce((object, [path, value]) => altered(object, path, value), fixture));
}

function room(template: MachineTemplate | null = { release, marker: true, createDate: null }) {
  const machines = new Map<string, MachineObject>();
  const verdicts = new Map<string, Pick<Verdict, "verdict" | "message">>();
  const measured: [string, string, number][] = [];
  const clock = { now: created };
  const nothing = new Map<string, never>();
  const newcomers = createNewcomers(
    {
      state: { machines: { items: machines }, nodes: { items: nothing }, policies: { items: nothing } },
      verdicts,
      templateOf: () => template,
      metrics: { newMachine: (...one) => void measured.push(one) },
    },
    () => clock.now,
  );
  return { newcomers, machines, verdicts, measured, clock };
}

test("from creation to Verified is measured once, and what happens later is no news", () => {
  const { newcomers, machines, verdicts, measured, clock } = room();
  machines.set("a", machine("a"));
  expect(newcomers.look()).toBe(true);
  expect(newcomers.look()).toBe(false);
  expect(newcomers.nextDeadline()).toBe(45 * minutes);
  clock.now += 10 * minutes;
  verdicts.set("a", { verdict: "Verified", message: "" });
  expect(newcomers.look()).toBe(true);
  verdicts.set("a", { verdict: "Mismatch", message: "" });
  expect(newcomers.look()).toBe(false);
  expect(measured).toEqual([[machineSet, "Verified", 600]]);
  expect(newcomers.nextDeadline()).toBeNull();
  expect(newcomers.of(new Set([release]), [])).toMatchObject([{ name: "a", outcome: "Verified" }]);
});

test("what was there before the controller is not measured", () => {
  const { newcomers, machines, verdicts, measured, clock } = room();
  clock.now += 1000 * minutes;
  machines.set("a", machine("a"));
  verdicts.set("a", { verdict: "Verified", message: "" });
  newcomers.look();
  expect(measured).toEqual([]);
  expect(newcomers.alarms()).toEqual([]);
});

test("a Machine of no MachineSet is measured under none", () => {
  const { newcomers, machines, measured, clock } = room();
  machines.set("a", machine("a", [["metadata.labels", {}]]));
  newcomers.look();
  clock.now += 45 * minutes;
  newcomers.look();
  expect(measured).toEqual([["", "NotInTime", 2700]]);
});

test("a late one and a failed one are said, with why, until they are gone", () => {
  const { newcomers, machines, verdicts, measured, clock } = room();
  machines.set("late", machine("late"));
  newcomers.look();
  clock.now += 45 * minutes;
  verdicts.set("late", { verdict: "Unknown", message: "No agent has reported." });
  machines.set("failed", machine("failed", [["status", { phase: "Failed", errorMessage: "no space." }]]));
  expect(newcomers.look()).toBe(true);
  expect(newcomers.alarms()).toMatchObject([
    { kind: "Machine", name: "late", reason: "NotInTime", message: expect.stringContaining("No agent has reported.") },
    {
      kind: "Machine",
      name: "failed",
      reason: "NewMachineFailed",
      message: expect.stringMatching(/ended Failed: no space\.$/),
    },
  ]);
  expect(measured).toEqual([[machineSet, "NotInTime", 2700]]);
  machines.clear();
  expect(newcomers.look()).toBe(true);
  expect(newcomers.alarms()).toEqual([]);
});

test.each<[string, MachineTemplate | null, number]>([
  ["of ours", { release, marker: true, createDate: null }, 1],
  ["somebody else's", { release, marker: false, createDate: null }, 0],
  ["of another release", { release: "9.4.20250101-0", marker: true, createDate: null }, 0],
  ["that is gone", null, 0],
])("the brake looks at Machines from a template %s: %o", (...[, template, count]) => {
  const { newcomers, machines } = room(template);
  machines.set("a", machine("a"));
  newcomers.look();
  expect(newcomers.of(new Set([release]), [])).toHaveLength(count);
});

test.each([
  ["what its MachineSet was moved to", { machineSet, template: "golden" }, 1],
  ["what another MachineSet was moved to", { machineSet: "b", template: "golden" }, 0],
  ["what its MachineSet had before", { machineSet, template: "newer" }, 0],
])("and at those from %s, whoever made that", (_, moved, count) => {
  const { newcomers, machines } = room({ release, marker: false, createDate: null });
  machines.set("a", machine("a", [["spec.providerSpec.value.template", "golden"]]));
  newcomers.look();
  expect(newcomers.of(new Set([release]), [{ ...moved, previousTemplate: "old" }])).toHaveLength(count);
});
