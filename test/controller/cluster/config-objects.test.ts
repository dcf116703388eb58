// Reading the objects of config.openshift.io: the fixtures, and objects that are odd or hostile.
import { describe, expect, test } from "vitest";
import { readClusterVersion, readFeatureGate, readInfrastructure } from "../../../controller/cluster/config-objects.ts";
import { altered, objectOf } from "./objects.ts";

type Row = [what: string, path: string, value: unknown, expected: unknown];

describe("ClusterVersion", () => {
  const object = objectOf("clusterversion-upgrading");

  test("of the fixture", () => {
    expect(readClusterVersion(object)).toEqual({
      history: [
        { state: "Partial", version: "4.21.9" },
        { state: "Completed", version: "4.20.14" },
      ],
      desiredVersion: "4.21.9",
      architecture: undefined,
    });
  });

  test.each<Row>([
    ["no status", "status", undefined, { history: [], desiredVersion: null, architecture: undefined }],
    ["a history that is null", "status.history", null, { history: [] }],
    ["no desired version", "status.desired", undefined, { desiredVersion: null, architecture: undefined }],
    ["several architectures", "status.desired.architecture", "Multi", { architecture: "Multi" }],
  ])("may have %s", (_, ...[path, value, expected]) => {
    expect(readClusterVersion(altered(object, path, value))).toMatchObject(Object(expected));
  });

  test.each([
    ["status", "Completed"],
    ["status.history", {}],
    ["status.history.0.version", 4.21],
    ["status.history.0.state", undefined],
    ["status.desired.version", null],
    ["status.desired.architecture", 64],
  ])("with the %s %j is an error", (path, value) => {
    expect(() => readClusterVersion(altered(object, path, value))).toThrow();
  });
});

describe("FeatureGate", () => {
  const object = objectOf("featuregate");

  test("of the fixture", () => {
    const { featureSet, versions } = readFeatureGate(object);
    const [gates, ...others] = versions;
    expect(featureSet).toBe("");
    expect(others).toEqual([]);
    expect(gates?.version).toBe("4.21.9");
    expect(gates?.enabled).toContain("ManagedBootImagesvSphere");
    expect(gates?.disabled).toEqual(["ImageModeStatusReporting"]);
  });

  test.each<Row>([
    ["no status", "status", undefined, []],
    ["no gates", "status.featureGates", null, []],
    [
      "neither enabled nor disabled ones",
      "status.featureGates",
      [{ version: "5.0.0" }],
      [{ version: "5.0.0", enabled: [], disabled: [] }],
    ],
  ])("may have %s", (_, ...[path, value, expected]) => {
    expect(readFeatureGate(altered(object, path, value)).versions).toEqual(expected);
  });

  test.each([
    ["TechPreviewNoUpgrade", "TechPreviewNoUpgrade"],
    [null, ""],
  ])("with feature set %s", (value, expected) => {
    expect(readFeatureGate(altered(object, "spec.featureSet", value)).featureSet).toBe(expected);
  });

  test.each([
    ["status.featureGates", "all"],
    ["status.featureGates.0.version", undefined],
    ["status.featureGates.0.enabled", ["ManagedBootImagesvSphere"]],
    ["status.featureGates.0.disabled", { name: "a" }],
  ])("with the %s %j is an error", (path, value) => {
    expect(() => readFeatureGate(altered(object, path, value))).toThrow();
  });
});

describe("Infrastructure", () => {
  const object = objectOf("infrastructure");
  const vsphere = "spec.platformSpec.vsphere";

  test("of the fixture", () => {
    expect(readInfrastructure(object)).toEqual({
      name: "lab-7x2kq",
      vcenters: [{ server: "vc-a.lab.example.com", port: 443 }],
      failureDomains: [
        {
          name: "fd-east-a",
          server: "vc-a.lab.example.com",
          datacenter: "dc-east",
          computeCluster: "/dc-east/host/cluster-a",
          datastore: "/dc-east/datastore/ds-a",
          resourcePool: "/dc-east/host/cluster-a/Resources/lab",
          folder: "/dc-east/vm/lab-7x2kq",
          vmGroup: undefined,
        },
        {
          name: "fd-east-b",
          server: "vc-a.lab.example.com",
          datacenter: "dc-east",
          computeCluster: "/dc-east/host/cluster-b",
          datastore: "/dc-east/datastore/ds-b",
          resourcePool: "/dc-east/host/cluster-b/Resources",
          folder: "/dc-east/vm/lab-7x2kq",
          template: "/dc-east/vm/lab-7x2kq/lab-7x2kq-rhcos-fd-east-b",
          vmGroup: undefined,
        },
      ],
      cloudConfig: { name: "cloud-provider-config", key: "config" },
    });
  });

  test("of several vCenters", () => {
    const servers = readInfrastructure(objectOf("infrastructure-multi-vcenter")).vcenters.map(({ server }) => server);
    expect(new Set(servers).size).toBeGreaterThan(1);
  });

  test.each<Row>([
    ["another platform", "spec.platformSpec", { type: "AWS" }, { name: "lab-7x2kq", vcenters: [], failureDomains: [] }],
    ["no platform", "spec", {}, { name: "lab-7x2kq", vcenters: [], failureDomains: [] }],
    ["no cloud configuration", "spec.cloudConfig", undefined, { cloudConfig: { key: "config" } }],
    ["another one", "spec.cloudConfig", { name: "mine", key: "k" }, { cloudConfig: { name: "mine", key: "k" } }],
    ["an unnamed one", "spec.cloudConfig.name", "", { cloudConfig: { name: "cloud-provider-config" } }],
    ["no failure domains", `${vsphere}.failureDomains`, null, { failureDomains: [] }],
    ["no vCenters", `${vsphere}.vcenters`, null, { vcenters: [] }],
    ["no port", `${vsphere}.vcenters.0.port`, undefined, { vcenters: [{ server: "vc-a.lab.example.com" }] }],
    [
      "groups of hosts",
      `${vsphere}.failureDomains.0.zoneAffinity`,
      { type: "HostGroup", hostGroup: { vmGroup: "group-a" } },
      { failureDomains: [{ vmGroup: "group-a" }, { vmGroup: undefined }] },
    ],
    [
      "a template of a failure domain",
      `${vsphere}.failureDomains.0.topology.template`,
      "/dc-east/vm/golden",
      { failureDomains: [{ template: "/dc-east/vm/golden" }, { name: "fd-east-b" }] },
    ],
  ])("may have %s", (_, ...[path, value, expected]) => {
    expect(readInfrastructure(altered(object, path, value))).toMatchObject(Object(expected));
  });

  test.each([
    ["status", undefined],
    ["status.infrastructureName", undefined],
    ["status.infrastructureName", ""],
    [`${vsphere}.vcenters.0.port`, "443"],
    [`${vsphere}.failureDomains.1.topology`, undefined],
    [`${vsphere}.failureDomains.1.topology.datastore`, null],
    [`${vsphere}.failureDomains.1.topology.template`, ["a"]],
    [`${vsphere}.failureDomains.1.server`, undefined],
  ])("with the %s %j is an error", (path, value) => {
    expect(() => readInfrastructure(altered(object, path, value))).toThrow();
  });
});
