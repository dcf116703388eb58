// Everything in the cluster that keeps a template by naming it.
import { expect, test } from "vitest";
import { mayMean, type Referrers, templateReferences } from "../../../controller/decide/template-reference.ts";

const none: Referrers = { machineSets: [], controlPlaneMachineSets: [], failureDomains: [], machines: [] };
const full = { template: "old" };
const linked = { template: "old", cloneMode: "linkedClone" };
const set = { name: "a", annotations: {}, provider: null };
const previous = { "bootwarden.io/previous-template": "old" };

test.each<[string, Partial<Referrers>, string[]]>([
  ["a MachineSet", { machineSets: [{ ...set, provider: full }] }, ["MachineSet/a"]],
  ["a previous template", { machineSets: [{ ...set, annotations: previous }] }, ["MachineSet/a (previous template)"]],
  ["a control plane", { controlPlaneMachineSets: [{ name: "c", provider: full }] }, ["ControlPlaneMachineSet/c"]],
  ["a failure domain", { failureDomains: [{ name: "f", ...full }] }, ["Infrastructure/cluster (failure domain f)"]],
  ["a Machine without a phase", { machines: [{ name: "m", provider: full }] }, ["Machine/m"]],
  ["a Machine to come", { machines: [{ name: "m", phase: "Provisioning", provider: full }] }, ["Machine/m"]],
  ["a Machine without a node", { machines: [{ name: "m", phase: "Provisioned", provider: full }] }, ["Machine/m"]],
  ["a failed Machine", { machines: [{ name: "m", phase: "Failed", provider: full }] }, ["Machine/m"]],
  ["a linked clone", { machines: [{ name: "m", phase: "Running", provider: linked }] }, ["Machine/m"]],
  ["not a full clone", { machines: [{ name: "m", phase: "Running", provider: full }] }, []],
  ["not another platform's", { machines: [{ name: "m", phase: "Provisioning", provider: null }] }, []],
  ["not a failure domain without one", { failureDomains: [{ name: "f" }, { name: "g", template: "" }] }, []],
  ["not a MachineSet without one", { machineSets: [{ ...set, provider: { template: "" } }] }, []],
  ["not an empty way back", { machineSets: [{ ...set, annotations: { "bootwarden.io/previous-template": "" } }] }, []],
])("%s", (_, referrers, by) => {
  expect(templateReferences({ ...none, ...referrers })).toEqual(by.map((one) => ({ template: "old", by: one })));
});

test.each([
  ["the name", "old", true],
  ["another name", "older", false],
  ["the name in other letters", "OLD", false],
  ["the start of the name", "ol", false],
  ["an absolute path", "/dc/vm/folder/old", true],
  ["the path of another datacenter", "/elsewhere/vm/old", true],
  ["a relative path", "folder/old", true],
  ["doubled and trailing slashes", "//dc//vm/folder/old//", true],
  ["the path of something in a folder of the name", "/dc/vm/old/other", false],
  ["a pattern", "/dc/vm/o*", true],
  ["a pattern of one letter", "ol?", true],
  ["a pattern of letters", "[a-z]ld", true],
  ["an escaped name", "\\old", true],
  ["a path to somewhere else", "/dc/vm/folder/..", true],
  ["a path to nowhere", "///", true],
])("%s", (_, template, expected) => {
  expect(mayMean({ template, by: "" }, "old")).toBe(expected);
});
