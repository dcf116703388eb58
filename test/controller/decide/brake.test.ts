// The brake: on when the first Machine of a new template goes wrong, off when a person says so.
import { expect, test } from "vitest";
import { type BrakeInput, brake, type NewMachine } from "../../../controller/decide/brake.ts";
import type { Outcome } from "../../../controller/decide/newcomer.ts";

const now = Date.parse("2026-11-20T12:00:00Z");
const since = "2026-11-20T12:00:00.000Z";

function machine(name: string, outcome: Outcome, over: Partial<NewMachine> = {}): NewMachine {
  const createdAt = "2026-11-20T11:00:00Z";
  return { name, machineSet: "east", templateKey: "k", template: "t", createdAt, outcome, why: "", ...over };
}

const off = { halted: null, releasedAt: null };
const moved = [{ machineSet: "east", template: "t", previousTemplate: "old" }];

function braked(over: Partial<BrakeInput>) {
  const input = { memory: off, pauseOnFailure: true, generation: 3, resumedAt: null, machines: [], moved, now };
  return brake({ ...input, ...over });
}

const earlier = { createdAt: "2026-11-20T10:00:00Z" };

test.each<[string, NewMachine[], string | null]>([
  ["no Machine", [], null],
  ["underway", [machine("m", "Underway")], null],
  ["Verified", [machine("m", "Verified")], null],
  ["Failed", [machine("m", "Failed")], "NewMachineFailed"],
  ["late", [machine("m", "NotInTime")], "NotInTime"],
  ["wrong", [machine("m", "Mismatch")], "NewMachineMismatch"],
  ["the first was well", [machine("a", "Verified", earlier), machine("m", "Failed")], null],
  ["the first is still underway", [machine("a", "Underway", earlier), machine("m", "Failed")], null],
  ["the first is not named first", [machine("m", "Verified"), machine("a", "Failed", earlier)], "NewMachineFailed"],
  ["one second, the names decide", [machine("b", "Failed"), machine("a", "Verified")], null],
  [
    "each template for itself",
    [machine("a", "Verified", earlier), machine("m", "Failed", { templateKey: "other" })],
    "NewMachineFailed",
  ],
])("%s", (_, machines, expected) => {
  expect(braked({ machines }).halted?.reason ?? null).toBe(expected);
});

test("it says what happened, what was moved, and both ways on", () => {
  const many = ["a", "b", "c", "d", "e", "f"].map((machineSet) => ({
    machineSet,
    template: "t",
    previousTemplate: "o",
  }));
  const machines = [machine("m", "Failed", { why: "no space" })];
  const { halted } = braked({ machines, moved: many });
  expect(halted).toMatchObject({ machine: "m", machineSet: "east", template: "t", since, generation: 3, moved: many });
  expect(halted?.message).toBe(
    "Machine m of MachineSet east, the first from template t, ended Failed (no space): no further MachineSet is moved. " +
      "Moved so far: a, b, c, d, e and 1 more. The way back: kubectl bootwarden rollback --all; to go on: kubectl bootwarden resume.",
  );
});

test("spec.rollout.pauseOnFailure: false takes it away", () => {
  expect(braked({ machines: [machine("m", "Failed")], pauseOnFailure: false })).toEqual(off);
});

const memory = braked({ machines: [machine("m", "Failed")] });

test.each<[string, Partial<BrakeInput>, boolean]>([
  ["nothing happens", {}, true],
  ["the Machine is gone", { machines: [] }, true],
  ["the spec changed", { generation: 4 }, false],
  ["a person resumed it", { resumedAt: "2026-11-20T12:00:01Z" }, false],
  ["in the same second", { resumedAt: "2026-11-20T12:00:00Z" }, false],
  ["somebody resumed an earlier one", { resumedAt: "2026-11-20T11:59:59Z" }, true],
  ["the pause is turned off", { pauseOnFailure: false }, false],
])("on: %s", (_, over, on) => {
  expect(braked({ memory, machines: [machine("m", "Failed")], ...over }).halted !== null).toBe(on);
});

test("a release forgives the Machines that were there, and no later one", () => {
  const released = braked({ memory, generation: 4, machines: [machine("m", "Failed")] });
  expect(released).toEqual({ halted: null, releasedAt: since });
  const again = (createdAt: string) =>
    braked({
      memory: released,
      generation: 4,
      machines: [machine("m", "Failed"), machine("n", "Failed", { createdAt })],
    });
  expect(again("2026-11-20T11:59:00Z")).toEqual(released);
  expect(again("2026-11-20T12:01:00Z").halted?.machine).toBe("n");
});
