// Reading the ControlPlaneMachineSet: the fixture, and objects that are odd or hostile.
import { describe, expect, test } from "vitest";
import { readControlPlaneMachineSet } from "../../../controller/cluster/control-plane-machine-set.ts";
import { altered, objectOf } from "./objects.ts";

const object = objectOf("controlplanemachineset");
const machines = "spec.template.machines_v1beta1_machine_openshift_io";
const value = `${machines}.spec.providerSpec.value`;

function templateOf(path: string, changed: unknown) {
  return readControlPlaneMachineSet(altered(object, path, changed)).provider?.template;
}

test("of the fixture, where the failure domains name the template", () => {
  expect(readControlPlaneMachineSet(object)).toMatchObject({ name: "cluster", provider: { template: "" } });
  const labels = { "machineconfiguration.openshift.io/osstream": "rhel-10" };
  expect(readControlPlaneMachineSet(altered(object, "metadata.labels", labels)).labels).toEqual(labels);
});

describe("the template", () => {
  test.each<[string, string, unknown, string | undefined]>([
    ["a name", `${value}.template`, "old", "old"],
    ["a path", `${value}.template`, "/dc-east/vm/f/old", "/dc-east/vm/f/old"],
    ["null", `${value}.template`, null, ""],
    ["left out", `${value}.template`, undefined, ""],
    ["named without a workspace", value, { kind: "VSphereMachineProviderSpec", template: "old" }, "old"],
    ["another platform's", value, { kind: "AWSMachineProviderConfig", template: 7 }, undefined],
    ["of no provider spec", `${machines}.spec.providerSpec`, undefined, undefined],
  ])("%s", (_, ...[path, changed, expected]) => {
    expect(templateOf(path, changed)).toBe(expected);
  });
});

test.each([
  [`${value}.template`, 7],
  [`${value}.template`, ["old"]],
  ["spec.template.machineType", "machines_v1_cluster_x_k8s_io"],
  ["spec.template.machineType", undefined],
  [machines, undefined],
  [`${machines}.spec`, undefined],
  ["spec.template", null],
  ["spec", undefined],
  ["metadata.name", undefined],
])("with the %s %j is an error: it may name any template", (path, changed) => {
  expect(() => readControlPlaneMachineSet(altered(object, path, changed))).toThrow();
});
