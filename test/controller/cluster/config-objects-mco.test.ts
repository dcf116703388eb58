// Reading the Machine Config Operator's objects: the fixtures, and objects that are odd or hostile.
import { describe, expect, test } from "vitest";
import {
  readConfigMap,
  readMachineConfiguration,
  readMachineOSConfig,
  readPool,
} from "../../../controller/cluster/config-objects.ts";
import { altered, objectOf } from "./objects.ts";

type Row = [what: string, path: string, value: unknown, expected: unknown];

describe("MachineConfiguration", () => {
  const managers = "status.managedBootImagesStatus.machineManagers";
  const partial = objectOf("machineconfiguration-partial");

  test("of the fixtures", () => {
    const [all] = readMachineConfiguration(objectOf("machineconfiguration-default-all-degraded")).status ?? [];
    expect(all).toEqual({ resource: "machinesets", apiGroup: "machine.openshift.io", selection: { mode: "All" } });
    const [some] = readMachineConfiguration(partial).status ?? [];
    expect(some?.selection).toEqual({
      mode: "Partial",
      partial: { machineResourceSelector: { matchLabels: { "boot-image": "managed" } } },
    });
  });

  test.each<Row>([
    ["no status", "status", undefined, undefined],
    ["no opinion", "status.managedBootImagesStatus", undefined, undefined],
    ["no list", managers, undefined, undefined],
    ["an empty list, which is an opinion", managers, [], []],
  ])("may have %s", (_, ...[path, value, expected]) => {
    expect(readMachineConfiguration(altered(partial, path, value)).status).toEqual(expected);
  });

  test.each<Row>([
    ["no spec", "spec", undefined, undefined],
    ["nothing said", "spec.managedBootImages", undefined, undefined],
    ["an opt-out of everything", "spec.managedBootImages", { machineManagers: [] }, []],
  ])("may have, of an admin, %s", (_, ...[path, value, expected]) => {
    expect(readMachineConfiguration(altered(partial, path, value)).spec).toEqual(expected);
  });

  test.each([
    ["spec.managedBootImages", { machineManagers: null }],
    [managers, null],
    [managers, "All"],
    [`${managers}.0.selection`, "All"],
    [`${managers}.0.selection.mode`, undefined],
    [`${managers}.0.selection.partial`, "a=b"],
    [`${managers}.0.selection.partial.machineResourceSelector.matchLabels`, "a=b"],
    [`${managers}.0.selection.partial.machineResourceSelector.matchExpressions`, [{ key: "a", operator: "Near" }]],
  ])("with the %s %j is an error, never no opinion", (path, value) => {
    expect(() => readMachineConfiguration(altered(partial, path, value))).toThrow();
  });
});

describe("MachineConfigPool", () => {
  const object = objectOf("machineconfigpool-worker");

  test("of the fixture", () => {
    expect(readPool(object)).toEqual({
      name: "worker",
      nodeSelector: { matchLabels: { "node-role.kubernetes.io/worker": "" } },
      configuration: "rendered-worker-5d0c1b8a9e3f47a2b6c4d8e0f1a2b3c4",
      paused: false,
    });
  });

  test.each<Row>([
    ["no selector", "spec.nodeSelector", null, { nodeSelector: null }],
    ["no configuration yet", "spec.configuration", undefined, { configuration: null }],
    ["a configuration without a name", "spec.configuration", {}, { configuration: null }],
    ["a pause", "spec.paused", true, { paused: true }],
    ["nothing said of a pause", "spec.paused", undefined, { paused: false }],
  ])("may have %s", (_, ...[path, value, expected]) => {
    expect(readPool(altered(object, path, value))).toEqual({ ...readPool(object), ...Object(expected) });
  });

  test.each([
    ["spec", undefined],
    ["spec.paused", "true"],
    ["spec.nodeSelector", "worker"],
    ["spec.configuration.name", 7],
    ["metadata.name", undefined],
  ])("with the %s %j is an error", (path, value) => {
    expect(() => readPool(altered(object, path, value))).toThrow();
  });
});

test("MachineOSConfig", () => {
  const object = objectOf("machineosconfig-worker");
  const image = expect.stringMatching(/^registry\.lab\.example\.com\/os\/worker@sha256:[0-9a-f]{64}$/);
  expect(readMachineOSConfig(object)).toEqual({ pool: "worker", image });
  expect(readMachineOSConfig(altered(object, "status", undefined))).toEqual({ pool: "worker", image: null });
  expect(readMachineOSConfig(altered(object, "status.currentImagePullSpec", null)).image).toBeNull();
  expect(() => readMachineOSConfig(altered(object, "spec.machineConfigPool", undefined))).toThrow();
  expect(() => readMachineOSConfig(altered(object, "status.currentImagePullSpec", ["a"]))).toThrow();
});

test("ConfigMap", () => {
  const object = objectOf("configmap-coreos-bootimages");
  expect(readConfigMap(object).releaseVersion).toBe("4.21.9");
  expect(readConfigMap(altered(object, "data", undefined))).toEqual({});
  expect(() => readConfigMap(altered(object, "data", { stream: { a: 1 } }))).toThrow();
  expect(() => readConfigMap(altered(object, "data", "stream"))).toThrow();
});
