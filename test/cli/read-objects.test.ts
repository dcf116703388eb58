// Leases, Machines and MachineSets, read from whatever stands there.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leaderFacts } from "../../cli/read-leader.ts";
import { machineFacts, machineSetFacts } from "../../cli/read-machines.ts";
import { controllerTrouble } from "../../cli/status-facts.ts";
import { facts, now, policy } from "./facts.ts";

describe("the Lease", () => {
  const spec = { holderIdentity: "pod-1", renewTime: "2026-11-26T11:59:55.000000Z", leaseDurationSeconds: 15 };

  test("says who holds it, since when and for how long", () => {
    expect(leaderFacts({ spec })).toEqual({ holder: "pod-1", renewedAt: spec.renewTime, duration: 15_000 });
  });

  test.each([[{}], [{ spec: {} }], [{ spec: { ...spec, renewTime: "soon" } }], [{ spec: "none" }]])(
    "that says nothing is none: %j",
    (object) => {
      expect(leaderFacts(object)).toBeNull();
    },
  );

  test.each([
    [5, "pod-1", null],
    [59, "pod-1", null],
    [61, "pod-1", "No controller is at work: its Lease was last renewed 61s ago. What it says below is of then."],
    [5, "", "No controller is at work: its Lease was last renewed 5s ago. What it says below is of then."],
  ])("renewed %i s ago by %j", (seconds, holder, said) => {
    const leader = { holder, renewedAt: new Date(now - seconds * 1000).toISOString(), duration: 15_000 };
    expect(controllerTrouble(facts({ leader }))).toBe(said);
  });

  test("that is not there says nothing against the controller", () => {
    expect(controllerTrouble(facts())).toBeNull();
  });

  test.each([
    [2, "(generation 3, seen 2): what it says below is of before."],
    [3, null],
    [4, null],
    [undefined, null],
  ])("or may not be read: the policy tells what was taken up all the same, here %j", (observedGeneration, said) => {
    const trouble = controllerTrouble(facts({ policy: policy({ status: { observedGeneration } }) }));
    expect(trouble).toEqual(said === null ? null : expect.stringContaining(said));
  });

  test("says of itself whether a controller is at work, whatever is known of the policy", () => {
    const leader = { holder: "", renewedAt: new Date(now).toISOString(), duration: 15_000 };
    for (const unknown of [null, undefined]) {
      expect(controllerTrouble({ policy: unknown, leader, now })).toContain("No controller is at work");
      expect(controllerTrouble({ policy: unknown, leader: null, now })).toBeNull();
    }
  });
});

describe("Machines and MachineSets", () => {
  test("of another platform have no template", () => {
    expect(
      machineSetFacts({
        metadata: { name: "a" },
        spec: { template: { spec: { providerSpec: { value: { ami: { id: "x" } } } } } },
      }),
    ).toMatchObject({ template: null, held: false, hasAnnotations: false });
    expect(machineFacts({ metadata: { name: "a" } })).toMatchObject({ template: null, phase: null, node: null });
  });

  test.each([
    ["true", true],
    ["false", false],
    ["True", false],
    ["", false],
  ])("bootwarden.io/hold: %j is held: %s", (value, held) => {
    expect(machineSetFacts({ metadata: { name: "a", annotations: { "bootwarden.io/hold": value } } }).held).toBe(held);
  });

  test("are read whatever they hold besides their name", () => {
    const keys = fc.constantFrom(
      "metadata",
      "spec",
      "status",
      "template",
      "providerSpec",
      "value",
      "labels",
      "nodeRef",
      "phase",
    );
    fc.assert(
      fc.property(fc.object({ maxDepth: 4, key: keys }), (object) => {
        const named = { ...object, metadata: { name: "a" } };
        expect(machineFacts(named).name).toBe("a");
        expect(machineSetFacts(named).name).toBe("a");
      }),
    );
  });
});
