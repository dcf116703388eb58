// What keeps a MachineSet that is behind from being moved: the brake, and whoever takes moves back.
import { expect, test } from "vitest";
import { type PlanInput, plan } from "../../../controller/decide/plan.ts";
import { a, input, nameA, one, release, told } from "./plan-input.ts";

const moveA = `Move lab-7x2kq-worker-a from lab-7x2kq-rhcos-fd-east-a to ${nameA}`;
const importA = `Import ${nameA} to fd-east-a`;

const halted = {
  ...({ reason: "NewMachineFailed", message: "Machine m ended Failed.", machine: "m", machineSet: "s" } as const),
  ...{ template: "t", since: "2026-11-20T09:00:00Z", generation: 1, moved: [] },
};
const contested = { times: 3, manager: "argocd-controller", last: "2026-11-20T09:59:50Z" };
const moved = { template: nameA, at: "2026-11-20T09:59:00Z" };
const name = a.name;

test.each<[string, Partial<PlanInput>, object]>([
  ["the brake", { halted }, { state: "Halted", managedBy: "Bootwarden", managedByReason: "Halted" }],
  [
    "a contest",
    { contests: new Map([[name, { moved: null, contested }]]) },
    { state: "Contested", managedBy: "Nobody", managedByReason: "Contested" },
  ],
  [
    "a move that was just taken back",
    { contests: new Map([[name, { moved, contested: null }]]) },
    { state: "Failed", reason: "MachineSetReverted" },
  ],
])("%s keeps a MachineSet that is behind from being moved, and imports nothing for it", (_, over, expected) => {
  const made = plan(input({ machineSets: [one(a)], ...over }));
  expect(made.steps).toEqual([]);
  expect(made.wanted).toEqual([]);
  expect(made.machineSets[0]).toMatchObject(expected);
  expect(made.machineSets[0]?.message).toMatch(
    /Machine m ended Failed|argocd-controller|kubectl took its move back, 1 of 3/,
  );
});

test("neither touches one that is at the target", () => {
  const contests = new Map([[name, { moved: null, contested }]]);
  const made = plan(input({ machineSets: [one(a, { release })], halted, contests }));
  expect(made.machineSets[0]).toMatchObject({
    state: "UpToDate",
    managedBy: "Bootwarden",
    managedByReason: "Enrolled",
  });
});

test("the brake is nothing that Observe mode waits for", () => {
  const made = plan(input({ machineSets: [one(a)], mode: "Observe", halted }));
  expect(made.machineSets[0]?.state).toBe("Outdated");
  expect(made.wanted.map(told)).toEqual([importA, moveA]);
});

test("a move of a moment ago is not made again, and a revert says when it will be", () => {
  const just = { template: nameA, at: "2026-11-20T09:59:59Z" };
  const fresh = plan(input({ machineSets: [one(a)], contests: new Map([[name, { moved: just, contested: null }]]) }));
  expect(fresh.steps).toEqual([]);
  expect(fresh.machineSets[0]).toMatchObject({ state: "Updating", reason: "MovingTemplate" });
  expect(fresh.again).toBe(Date.parse(just.at) + 5_000);
  const reverted = plan(input({ machineSets: [one(a)], contests: new Map([[name, { moved, contested: null }]]) }));
  expect(reverted.contests.get(name)?.contested).toMatchObject({ times: 1, manager: "kubectl" });
  expect(reverted.again).toBe(input().now + 60_000);
});

test("what others manage is no contest", () => {
  const held = { ...one(a), manager: { managedBy: "Nobody", reason: "OnHold", message: "why" } as const };
  const made = plan(input({ machineSets: [held], contests: new Map([[name, { moved, contested: null }]]) }));
  expect(made.contests.get(name)).toEqual({ moved: null, contested: null });
});
