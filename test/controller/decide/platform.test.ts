// The platform: what version and feature set let the Machine Config Operator do.
import { expect, test } from "vitest";
import { platform } from "../../../controller/decide/platform.ts";

const gate = "ManagedBootImagesvSphere";

test.each([
  ["4.17.3", "", [], "Unable", "(feature set Default) does not manage"],
  ["4.20.14", "TechPreviewNoUpgrade", [], "Able", "nothing is told of ManagedBootImagesvSphere"],
  ["4.19.9", "TechPreviewNoUpgrade", [], "Unable", "(feature set TechPreviewNoUpgrade) does not manage"],
  ["4.20.14", "TechPreviewNoUpgrade", [gate], "Able", "ManagedBootImagesvSphere is enabled"],
  ["4.20.14", "CustomNoUpgrade", [gate], "Able", "(feature set CustomNoUpgrade)"],
  ["4.21.0", "", [], "Able", "where MachineConfiguration enrols them"],
  ["4.22.1", "", [], "Able", "unless MachineConfiguration opts out"],
  ["5.0.0", "", [], "Able", "unless MachineConfiguration opts out"],
  ["main", "", [], "Able", "cannot be read"],
  [null, "", [], "Able", "cannot be read"],
] as const)("%s, %s, %j: %s", (...[clusterVersion, featureSet, enabled, expected, words]) => {
  const found = platform({ clusterVersion, featureSet, featureGates: { enabled, disabled: [] } });
  expect(found).toMatchObject({ version: clusterVersion, featureSet, machineConfigOperator: expected });
  expect(found.message).toContain(words);
});

test("a gate that is told to be disabled counts, whatever the feature set", () => {
  const featureGates = { enabled: [], disabled: [gate] };
  const found = platform({ clusterVersion: "4.20.14", featureSet: "TechPreviewNoUpgrade", featureGates });
  expect(found.machineConfigOperator).toBe("Unable");
});
