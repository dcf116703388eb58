// The subject of an explanation, as people spell it.
import { expect, test } from "vitest";
import { subjectOf } from "../../../cli/explain/subject.ts";

test.each([
  ["worker-a", { name: "worker-a", kinds: ["Node", "MachineSet", "Machine"] }],
  ["node/worker-a", { name: "worker-a", kinds: ["Node"] }],
  ["no/ip-10.example.com", { name: "ip-10.example.com", kinds: ["Node"] }],
  ["MachineSet/worker-a", { name: "worker-a", kinds: ["MachineSet"] }],
  ["machinesets.machine.openshift.io/worker-a", { name: "worker-a", kinds: ["MachineSet"] }],
  ["machine/worker-a-1", { name: "worker-a-1", kinds: ["Machine"] }],
])("%s", (argument, subject) => {
  expect(subjectOf(argument)).toEqual(subject);
});

test.each([
  ["pod/x", "pod/x names nothing that can be explained: NAME, node/NAME, machineset/NAME or machine/NAME."],
  [
    "machneset/x",
    "machneset/x names nothing that can be explained: NAME, node/NAME, machineset/NAME or machine/NAME. Did you mean machineset?",
  ],
  [
    "node/a/b",
    "node/a/b names nothing that can be explained: NAME, node/NAME, machineset/NAME or machine/NAME. Did you mean node?",
  ],
  [
    "constructor/x",
    "constructor/x names nothing that can be explained: NAME, node/NAME, machineset/NAME or machine/NAME.",
  ],
  ["node/", "An empty text is no name of an object."],
  ["../secrets", ".. names nothing"],
  ["a b", "a b is no name of an object."],
])("%j is refused", (argument, message) => {
  const said = argument.startsWith("..") ? expect.stringMatching(/names nothing/) : message;
  expect(() => subjectOf(argument)).toThrow(expect.objectContaining({ reason: "UsageInvalid", message: said }));
});
