import { expect, test } from "vitest";
import { hasOpinion, type ManagedBootImages, managersInForce } from "../../../controller/decide/enrolment.ts";
import { isEnrolled, type MachineManager } from "../../../controller/decide/selection.ts";

const managing = (mode: string, resource = "machinesets"): MachineManager[] => [
  { resource, apiGroup: "machine.openshift.io", selection: { mode } },
];
const ofControlPlane = managing("All", "controlplanemachinesets");
const nothing = { spec: undefined, status: undefined };
const gate = { enabled: ["ManagedBootImagesvSphere"], disabled: [] };

test.each<[string, ManagedBootImages["spec"], boolean]>([
  ["nothing", undefined, false],
  ["an empty list", [], true],
  ["machinesets: None", managing("None"), true],
  ["of another resource alone", ofControlPlane, false],
  ["of another API group", [{ ...managing("None")[0], apiGroup: "cluster.x-k8s.io" } as MachineManager], false],
])("%s is an opinion, or none", (_, spec, expected) => {
  expect(hasOpinion({ spec })).toBe(expected);
});

test.for<[string, string | null, Partial<ManagedBootImages>, boolean]>([
  ["4.21, nothing said, as its operator tells that", "4.21.9", { status: managing("None") }, false],
  ["4.21, nothing said nor told", "4.21.9", {}, false],
  ["4.21, said, not told yet", "4.21.9", { spec: managing("All") }, true],
  [
    "4.21, said, and the operator still goes by the old",
    "4.21.9",
    { spec: managing("None"), status: managing("All") },
    true,
  ],
  ["4.22, nothing said, before its operator runs", "4.22.0", { status: managing("None") }, true],
  ["4.22, nothing said nor told", "4.22.0", {}, true],
  ["4.22, said of the control plane alone", "4.22.0", { spec: ofControlPlane, status: ofControlPlane }, true],
  ["4.22, opted out", "4.22.0", { spec: [], status: [] }, false],
  ["4.22, None", "4.22.0", { spec: managing("None"), status: managing("None") }, false],
  ["a release that cannot be read, nothing said", null, {}, false],
])("%s", ([, clusterVersion, said, expected]) => {
  const facts = { clusterVersion, featureSet: "", featureGates: { enabled: [], disabled: [] } };
  expect(isEnrolled(managersInForce({ ...nothing, ...said }, facts), {})).toBe(expected);
});

test("an operator that cannot manage vSphere boot images tells nothing, and what an admin says is taken", () => {
  const said = { spec: managing("All"), status: managing("None") };
  const facts = { clusterVersion: "4.20.14", featureSet: "", featureGates: { enabled: [], disabled: [] } };
  expect(isEnrolled(managersInForce({ ...said, status: undefined }, facts), {})).toBe(true);
  expect(isEnrolled(managersInForce(said, facts), {})).toBe(true);
  expect(isEnrolled(managersInForce({ ...nothing, status: managing("All") }, facts), {})).toBe(true);
  expect(isEnrolled(managersInForce(said, { ...facts, featureGates: gate }), {})).toBe(false);
});
