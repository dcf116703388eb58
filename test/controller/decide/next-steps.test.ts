import { describe, expect, test } from "vitest";
import { dependents, isWanted, nextSteps, subjectOf, templateSubject } from "../../../controller/decide/next-steps.ts";
import type { Place } from "../../../controller/decide/place.ts";
import type { CloneStep, ImportStep, MoveStep, Step } from "../../../controller/decide/steps.ts";
import { imageOf } from "./boot-images.ts";

/** A place of a vCenter: `vc/a`. The folder is the same in all vCenters. */
function place(key: string): Place {
  const [server = "", label = ""] = key.split("/");
  const rest = { datacenter: "dc", datastore: "ds", folder: "/dc/vm/f", resourcePool: "pool", network: "net" };
  return { key, label, server, ...rest };
}

const image = imageOf("9.8.20261116-0");

function at(key: string) {
  const name = `t-${place(key).label}`;
  return { place: place(key), image, name, path: `/dc/vm/f/${name}` };
}

/** How the failure to make the template there is remembered. */
function subject(key: string): string {
  return templateSubject(at(key));
}

function importTo(key: string): ImportStep {
  return { kind: "Import", ...at(key) };
}

function cloneTo(key: string, source = "a"): CloneStep {
  const from = { name: `t-${source}`, path: `/dc/vm/f/t-${source}` };
  return { kind: "Clone", ...at(key), from };
}

function moveAt(key: string, machineSet = `set-${key}`): MoveStep {
  return { kind: "Move", ...at(key), machineSet, was: "old" };
}

function renamed<T extends Step>(step: T): T {
  return { ...step, name: "t-new", path: "/dc/vm/f/t-new" };
}

const importA = importTo("vc/a");
const moveA = moveAt("vc/a");
const others = ["vc/b", "vc/c", "vc/d", "vc/e", "vc/f"];
const clones = others.map((key) => cloneTo(key));
const [cloneB, cloneC, cloneD, cloneE, cloneF] = clones as [CloneStep, CloneStep, CloneStep, CloneStep, CloneStep];
const moveB = moveAt("vc/b");
const whole: Step[] = [importA, moveA, ...clones.flatMap((clone) => [clone, moveAt(clone.place.key)])];
const made = whole.slice(1);
const far: Step[] = [importTo("vc-2/a"), moveAt("vc-2/a"), cloneTo("vc-2/b"), moveAt("vc-2/b")];

describe("the next steps", () => {
  test.each<[string, { steps: Step[]; running?: Step[]; resting?: string[] }, Step[]]>([
    ["nothing to do", { steps: [] }, []],
    ["an import, and nothing that needs what it makes", { steps: whole }, [importA]],
    ["nothing beside it", { steps: whole, running: [importA] }, []],
    ["then its move, and four clones", { steps: made }, [moveA, cloneB, cloneC, cloneD, cloneE]],
    ["a clone more when one has ended", { steps: made, running: [moveA, cloneB, cloneC, cloneD] }, [cloneE]],
    ["no clone more than four", { steps: made, running: [moveA, cloneC, cloneD, cloneE, cloneF] }, []],
    ["one move at a time", { steps: [moveA, moveB] }, [moveA]],
    ["the next move when one has ended", { steps: [moveA, moveB], running: [moveAt("vc/x")] }, []],
    ["the move of a clone that is there", { steps: [moveB, cloneC, moveAt("vc/c")] }, [moveB, cloneC]],
    ["the move before the plan knows that its template is there", { steps: [moveB], running: [cloneB] }, []],
    ["an import in each vCenter", { steps: [...whole, ...far] }, [importA, far[0] as Step]],
    ["one vCenter beside the other", { steps: [...whole, ...far], running: [importA] }, [far[0] as Step]],
    ["one vCenter while the other rests", { steps: [...whole, ...far], resting: [subject("vc/a")] }, [far[0] as Step]],
    ["a clone of the same path in another vCenter", { steps: [importA, far[2] as Step] }, [importA, far[2] as Step]],
    ["nothing that needs a template of a resting import", { steps: whole, resting: [subject("vc/a")] }, []],
    [
      "what needs none of it",
      { steps: [importA, moveA, cloneTo("vc/c", "x")], resting: [subject("vc/a")] },
      [cloneTo("vc/c", "x")],
    ],
    ["another place while one move rests", { steps: [moveA, cloneB, moveB], resting: ["set-vc/a"] }, [cloneB]],
    [
      "another MachineSet of the same place",
      { steps: [moveA, moveAt("vc/a", "set-2")], resting: ["set-vc/a"] },
      [moveAt("vc/a", "set-2")],
    ],
    [
      "no move to a place whose clone rests",
      { steps: [moveA, cloneB, moveB], resting: ["set-vc/a", subject("vc/b")] },
      [],
    ],
    [
      "nothing in a place where something else is still being ended, and no second import beside it",
      { steps: [renamed(importA), importTo("vc/z")], running: [importA] },
      [],
    ],
  ])("%s", (...[, { steps, running = [], resting = [] }, expected]) => {
    expect(nextSteps(steps, { running, resting: (subject) => resting.includes(subject) })).toEqual(expected);
  });
});

test("a step's failure is that of its template or its MachineSet", () => {
  expect([importA, cloneB, moveB].map(subjectOf)).toEqual([subject("vc/a"), subject("vc/b"), "set-vc/b"]);
});

test("with an import fail the clones of what it makes, and nothing else", () => {
  const steps = [importA, moveA, cloneB, moveB, cloneTo("vc/c", "x"), ...far];
  expect(dependents(importA, steps)).toEqual([subject("vc/b")]);
  expect(dependents(cloneB, steps)).toEqual([]);
  expect(dependents(moveA, steps)).toEqual([]);
});

describe("a running step is wanted", () => {
  const nothing = { steps: [], templates: [], silent: new Set<string>(), images: [image] };
  const there = { server: "vc", path: "/dc/vm/f/t-a" };
  test.each<[string, Step, object, boolean]>([
    ["while the plan has it", importA, { steps: whole }, true],
    ["no longer when its image is not wanted any more", importA, { steps: whole, images: [] }, false],
    [
      "no longer when the image comes from elsewhere",
      importA,
      { steps: whole, images: [imageOf(image.release, { url: "https://other/" })] },
      false,
    ],
    ["while the plan makes the same template another way", cloneB, { steps: [importTo("vc/b")] }, true],
    ["while its MachineSet is to be moved there", moveA, { steps: [moveA] }, true],
    ["while vCenter cannot be asked", importA, { silent: new Set(["vc"]) }, true],
    ["no longer when only another vCenter cannot be asked", importA, { silent: new Set(["vc-2"]) }, false],
    ["when its template is there: it is about to end", importA, { templates: [there] }, true],
    ["no longer when that is another vCenter's", importA, { templates: [{ ...there, server: "vc-2" }] }, false],
    ["no longer when the plan is empty", importA, {}, false],
    ["no longer when another template is wanted there", importA, { steps: [renamed(importA)] }, false],
    ["no longer when its MachineSet is to be moved elsewhere", moveA, { steps: [renamed(moveA)] }, false],
    ["no longer when its MachineSet is not to be moved", moveA, { templates: [there] }, false],
  ])("%s", (...[, step, over, expected]) => {
    expect(isWanted(step, { ...nothing, ...over })).toBe(expected);
  });
});
