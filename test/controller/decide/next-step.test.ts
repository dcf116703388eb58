import { describe, expect, test } from "vitest";
import { dependents, nextStep, subjectOf } from "../../../controller/decide/next-step.ts";
import type { Place } from "../../../controller/decide/place.ts";
import type { Step } from "../../../controller/decide/steps.ts";

const place = (key: string): Place => ({
  key,
  label: key,
  server: "vc",
  datacenter: "dc",
  datastore: "ds",
  folder: "/dc/vm/f",
  resourcePool: "pool",
  network: "net",
});
const importA: Step = { kind: "Import", place: place("a"), name: "t-a" };
const moveA: Step = { kind: "Move", place: place("a"), name: "t-a", machineSet: "set-a", was: "old" };
const cloneB: Step = { kind: "Clone", place: place("b"), name: "t-b", from: { name: "t-a", path: "/dc/vm/f/t-a" } };
const moveB: Step = { kind: "Move", place: place("b"), name: "t-b", machineSet: "set-b", was: "old" };
const cloneC: Step = { kind: "Clone", place: place("c"), name: "t-c", from: { name: "x", path: "/dc/vm/f/x" } };
const moveC: Step = { kind: "Move", place: place("c"), name: "t-c", machineSet: "set-c", was: "old" };

describe("the next step", () => {
  test.each<[string, Step[], string[], Step | null]>([
    ["nothing to do", [], [], null],
    ["the first", [importA, moveA, cloneB, moveB], [], importA],
    ["the move once its template is there", [moveA, cloneB, moveB], [], moveA],
    ["nothing that needs a template of a resting import", [importA, moveA, cloneB, moveB], ["a"], null],
    ["what needs none of it", [importA, moveA, cloneB, moveB, cloneC, moveC], ["a"], cloneC],
    ["another place while one move rests", [moveA, cloneB, moveB], ["set-a"], cloneB],
    [
      "another MachineSet of the same place",
      [moveA, { ...moveA, machineSet: "set-2" }],
      ["set-a"],
      { ...moveA, machineSet: "set-2" },
    ],
    ["no move to a place whose clone rests", [moveA, cloneB, moveB], ["set-a", "b"], null],
  ])("%s", (...[, steps, resting, expected]) => {
    expect(nextStep(steps, (subject) => resting.includes(subject))).toEqual(expected);
  });
});

test("a step's failure is that of its place or its MachineSet", () => {
  expect([importA, cloneB, moveB].map(subjectOf)).toEqual(["a", "b", "set-b"]);
});

test("with an import fail the clones of what it makes, and nothing else", () => {
  const steps = [importA, moveA, cloneB, moveB, cloneC, moveC];
  expect(dependents(importA, steps)).toEqual(["b"]);
  expect(dependents(cloneB, steps)).toEqual([]);
  expect(dependents(moveA, steps)).toEqual([]);
});
