import { expect, test } from "vitest";
import { refused } from "../../../controller/decide/decision.ts";
import type { MachineSetFacts } from "../../../controller/decide/machine-set.ts";
import { type ManagerContext, manager } from "../../../controller/decide/manager.ts";
import { osStreamLabel } from "../../../controller/decide/os-stream.ts";
import type { MachineManager, Selection } from "../../../controller/decide/selection.ts";
import { machineSetFacts } from "./facts.ts";

const managing = (mode: string): MachineManager[] => [
  { resource: "machinesets", apiGroup: "machine.openshift.io", selection: { mode } },
];
const context = (over: Partial<ManagerContext> = {}, selection: Selection = { mode: "All" }): ManagerContext => ({
  policy: { mode: "Manage", selection },
  machineManagers: managing("None"),
  clusterVersion: "4.21.9",
  featureSet: "",
  featureGates: { enabled: [], disabled: [] },
  ...over,
});
const east = machineSetFacts("fd-east-a");
const ten = machineSetFacts("rhel10-stream");
const elsewhere = {
  ...ten,
  labels: { ...ten.labels, [osStreamLabel]: "rhel-11" },
  image: refused("OtherStream", "rhel-11"),
};
const enrolled = context({ machineManagers: managing("All") });
const unable = { ...enrolled, clusterVersion: "4.20.14" };
const gate = "ManagedBootImagesvSphere";

test.for<[string, MachineSetFacts, ManagerContext, string]>([
  ["selected, not enrolled", east, context(), "Bootwarden Enrolled"],
  ["managers unset", east, context({ machineManagers: undefined }), "Bootwarden Enrolled"],
  ["opted out of everything", east, context({ machineManagers: [], clusterVersion: "4.22.0" }), "Bootwarden Enrolled"],
  ["enrolled and able", east, enrolled, "MCO ManagedByMCO"],
  ["enrolled but unable", east, unable, "Bootwarden Enrolled"],
  ["able by gate", east, { ...unable, featureGates: { enabled: [gate], disabled: [] } }, "MCO ManagedByMCO"],
  ["gate disabled", east, { ...unable, featureGates: { enabled: [], disabled: [gate] } }, "Bootwarden Enrolled"],
  ["an unknown release is able", east, { ...enrolled, clusterVersion: null }, "MCO ManagedByMCO"],
  ["a release that cannot be read", east, { ...enrolled, clusterVersion: "main" }, "MCO ManagedByMCO"],
  ["OpenShift 5", east, { ...enrolled, clusterVersion: "5.0.0" }, "MCO ManagedByMCO"],
  ["Observe", east, context({ policy: { mode: "Observe", selection: { mode: "All" } } }), "Bootwarden ObserveMode"],
  ["not selected", east, context({}, { mode: "None" }), "Nobody NotSelected"],
  ["owned", machineSetFacts("owned"), enrolled, "Nobody OwnedByOther"],
  ["a stream that the release has not", elsewhere, enrolled, "Nobody OtherStream"],
  ["a stream that the release has, and the MCO does not know", ten, enrolled, "Bootwarden Enrolled"],
  ["the same, not enrolled", ten, context(), "Bootwarden Enrolled"],
  [
    "the stream that the MCO knows",
    { ...east, labels: { ...east.labels, [osStreamLabel]: "rhel-9" } },
    enrolled,
    "MCO ManagedByMCO",
  ],
  [
    "an unknown stream of an unreadable ConfigMap",
    { ...elsewhere, image: refused("BootImagesInvalid", "x") },
    enrolled,
    "Bootwarden Enrolled",
  ],
  ["Windows", machineSetFacts("windows"), enrolled, "Nobody WindowsMachineSet"],
  ["no architecture, one", machineSetFacts("no-arch-annotation"), context(), "Bootwarden Enrolled"],
  ["no architecture, several", machineSetFacts("no-arch-annotation", true), enrolled, "Nobody ArchitectureUnknown"],
  ["no vSphere provider", { ...east, provider: null }, enrolled, "Nobody NotVSphere"],
  ["Cluster API rules", { ...east, authoritativeAPI: "ClusterAPI" }, context(), "Nobody NotAuthoritative"],
  ["Machine API rules", { ...east, authoritativeAPI: "MachineAPI" }, context(), "Bootwarden Enrolled"],
  ["the MCO does not ask who rules", { ...east, authoritativeAPI: "ClusterAPI" }, enrolled, "MCO ManagedByMCO"],
  ["on hold", { ...east, annotations: { "bootwarden.io/hold": "true" } }, context(), "Nobody OnHold"],
  ["hold: false", { ...east, annotations: { "bootwarden.io/hold": "false" } }, context(), "Bootwarden Enrolled"],
  ["follow, enrolled, able", east, { ...enrolled, ...follow() }, "MCO ManagedByMCO"],
  ["follow, enrolled, unable", east, { ...unable, ...follow() }, "Bootwarden Enrolled"],
  ["follow, not enrolled", east, context(follow()), "Nobody NotSelected"],
])("%s", ([, machineSet, where, expected]) => {
  const { managedBy, reason, message } = manager(machineSet, where);
  expect(`${managedBy} ${reason}`).toBe(expected);
  expect(message).not.toBe("");
});

test("an owner comes before a stream, a stream before Windows, as the Machine Config Operator passes them over", () => {
  const all = { ...machineSetFacts("owned"), image: elsewhere.image };
  expect(manager(all, context()).reason).toBe("OwnedByOther");
  const two = { ...machineSetFacts("windows"), image: all.image };
  expect(manager(two, context()).reason).toBe("OtherStream");
});

function follow(): Pick<ManagerContext, "policy"> {
  return { policy: { mode: "Manage", selection: { mode: "FollowMachineConfiguration" } } };
}

test("a MachineSet that is enrolled in vain says why", () => {
  expect(manager(east, unable).message).toContain("of 4.20.14 cannot act on vSphere");
  expect(manager(ten, enrolled).message).toContain("passes over MachineSets of the stream rhel-10");
});
