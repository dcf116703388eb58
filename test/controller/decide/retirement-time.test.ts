// When templates may go: only in Manage mode, with everything else done.
import { expect, test } from "vitest";
import { decided, refused } from "../../../controller/decide/decision.ts";
import { isTimeToRetire, type RetirementTimeInput } from "../../../controller/decide/retirement-time.ts";
import { imageOf } from "./boot-images.ts";

const atRest: RetirementTimeInput = {
  mode: "Manage",
  target: decided(imageOf("9.8.20261116-0")),
  machineSets: [
    { managedBy: "Bootwarden", state: "UpToDate" },
    { managedBy: "Nobody", state: "Skipped" },
    { managedBy: "MCO", state: "Skipped" },
  ],
  steps: [],
  failed: false,
};

test.each<[string, Partial<RetirementTimeInput>, boolean]>([
  ["at rest", {}, true],
  ["in Observe mode", { mode: "Observe" }, false],
  ["while the cluster is upgraded", { target: refused("ClusterUpdating", "") }, false],
  ["with a vCenter that did not answer", { failed: true }, false],
  ["with a step to take", { steps: [{}] }, false],
  ["with a MachineSet that failed", { machineSets: [{ managedBy: "Bootwarden", state: "Failed" }] }, false],
  ["with one behind", { machineSets: [...atRest.machineSets, { managedBy: "Bootwarden", state: "Outdated" }] }, false],
  [
    "with one on its way",
    { machineSets: [...atRest.machineSets, { managedBy: "Bootwarden", state: "Updating" }] },
    false,
  ],
  ["with nothing to manage", { machineSets: [{ managedBy: "Nobody", state: "Skipped" }] }, false],
])("%s", (_, changed, expected) => {
  expect(isTimeToRetire({ ...atRest, ...changed })).toBe(expected);
});
