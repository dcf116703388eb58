// Reading MachineSets and Machines: the fixtures, and objects that are odd or hostile.
import { describe, expect, test } from "vitest";
import { readMachine, readMachineSet } from "../../../controller/cluster/machine-objects.ts";
import { altered, objectOf } from "./objects.ts";

const machineSet = objectOf("machineset-fd-east-a");
const machine = objectOf("machine");
const inSet = "spec.template.spec.providerSpec.value";
const inMachine = "spec.providerSpec.value";

const tagIDs = ["urn:vmomi:InventoryServiceTag:5736bf56-49f5-4667-b38c-b97e09dc9578:GLOBAL"];

const provider = {
  template: "lab-7x2kq-rhcos-fd-east-a",
  workspace: {
    server: "vc-a.lab.example.com",
    datacenter: "dc-east",
    folder: "/dc-east/vm/lab-7x2kq",
    datastore: "/dc-east/datastore/ds-a",
    resourcePool: "/dc-east/host/cluster-a/Resources/lab",
  },
  networkName: "vm-net-101",
  cloneMode: undefined,
  snapshot: "",
  tagIDs: undefined as string[] | undefined,
  credentialsSecret: "vsphere-cloud-credentials",
  userDataSecret: "worker-user-data",
  diskGiB: 120,
};

test("a MachineSet", () => {
  expect(readMachineSet(machineSet)).toEqual({
    name: "lab-7x2kq-worker-a",
    namespace: "openshift-machine-api",
    uid: "0d1f6c1e-1111-4222-8333-944455556666",
    resourceVersion: "4711",
    labels: { "machine.openshift.io/cluster-api-cluster": "lab-7x2kq", "boot-image": "managed" },
    annotations: { "capacity.cluster-autoscaler.kubernetes.io/labels": "kubernetes.io/arch=amd64" },
    owners: [],
    templateLabels: {
      "machine.openshift.io/cluster-api-cluster": "lab-7x2kq",
      "machine.openshift.io/cluster-api-machine-role": "worker",
      "machine.openshift.io/cluster-api-machine-type": "worker",
      "machine.openshift.io/cluster-api-machineset": "lab-7x2kq-worker-a",
    },
    authoritativeAPI: undefined,
    writtenBy: null,
    provider: { ...provider, tagIDs },
  });
});

test("a Machine", () => {
  expect(readMachine(machine)).toEqual({
    name: "lab-7x2kq-worker-a-h8t2p",
    namespace: "openshift-machine-api",
    uid: "0d1f6c1e-1111-4222-8333-944455556666",
    createdAt: "2026-11-20T10:00:00Z",
    machineSet: "lab-7x2kq-worker-a",
    providerID: "vsphere://4213f5c1-9a5b-6f37-2b1d-0a5e8ff2c901",
    phase: "Running",
    errorMessage: "",
    node: "lab-7x2kq-worker-a-h8t2p",
    provider,
  });
});

test.each([
  ["absolute-template-path", "/dc-east/vm/lab-7x2kq/lab-7x2kq-rhcos-fd-east-a"],
  ["custom-template-linkedclone", "golden/rhcos-custom"],
  ["fd-east-b-trailing-slash", "lab-7x2kq-rhcos-fd-east-b"],
  ["no-arch-annotation", "lab-7x2kq-rhcos-fd-east-a"],
  ["no-failure-domain-match", "rhcos-somewhere"],
  ["owned", "lab-7x2kq-rhcos-fd-east-a"],
  ["rhel10-stream", "lab-7x2kq-rhcos10-fd-east-a"],
  ["windows", "win2022-golden"],
])("the MachineSet %s names its template verbatim", (name, template) => {
  expect(readMachineSet(objectOf(`machineset-${name}`)).provider?.template).toBe(template);
});

test("owners and the clone mode are kept", () => {
  expect(readMachineSet(objectOf("machineset-owned")).owners).toEqual([{ kind: "MachinePool", name: "lab-worker" }]);
  expect(readMachineSet(objectOf("machineset-custom-template-linkedclone")).provider?.cloneMode).toBe("linkedClone");
});

describe.each<
  [
    string,
    (object: unknown) => ReturnType<typeof readMachine>["provider"],
    Record<string, unknown>,
    string,
    typeof provider,
  ]
>([
  ["MachineSet", (object) => readMachineSet(object).provider, machineSet, inSet, { ...provider, tagIDs }],
  ["Machine", (object) => readMachine(object).provider, machine, inMachine, provider],
])("the provider spec of a %s", (_, ...[read, object, at, whole]) => {
  test.each([
    ["left out", undefined],
    ["null", null],
    ["text", "VSphereMachineProviderSpec"],
    ["a list", []],
    ["without a kind", { template: "x" }],
    ["of another kind", { kind: "AWSMachineProviderConfig", template: 7 }],
    ["of a kind that is no text", { kind: ["VSphereMachineProviderSpec"] }],
  ])("%s is not vSphere's", (_, value) => {
    expect(read(altered(object, at, value))).toBeNull();
  });

  test.each<[string, string, unknown, object]>([
    ["no template", "template", undefined, { template: "" }],
    ["a template that is null", "template", null, { template: "" }],
    ["no workspace", "workspace", undefined, { workspace: null }],
    ["a workspace that is null", "workspace", null, { workspace: null }],
    ["an empty workspace", "workspace", {}, { workspace: {} }],
    ["half a workspace", "workspace", { server: "s", folder: null }, { workspace: { server: "s" } }],
    ["a workspace with a vmGroup", "workspace", { vmGroup: "g" }, { workspace: { vmGroup: "g" } }],
    ["no network", "network", undefined, { networkName: "" }],
    ["no devices", "network.devices", null, { networkName: "" }],
    ["an empty list of devices", "network.devices", [], { networkName: "" }],
    ["a device without a name", "network.devices", [{}], { networkName: "" }],
    ["two devices", "network.devices", [{ networkName: "a" }, { networkName: "b" }], { networkName: "a" }],
    ["a clone mode that is null", "cloneMode", null, { cloneMode: undefined }],
    ["a snapshot that is null", "snapshot", null, { snapshot: undefined }],
    ["tags that are null", "tagIDs", null, { tagIDs: undefined }],
    ["no secrets", "credentialsSecret", null, { credentialsSecret: undefined }],
    ["a disk that is null", "diskGiB", null, { diskGiB: undefined }],
    ["a field that nobody knows", "quantum", { deep: [1] }, {}],
  ])("may have %s", (_, ...[key, value, expected]) => {
    expect(read(altered(object, `${at}.${key}`, value))).toEqual({ ...whole, ...expected });
  });

  test.each([
    ["template", 7],
    ["template", ["a"]],
    ["workspace", "vc-a"],
    ["workspace", []],
    ["workspace.server", 443],
    ["workspace.datastore", {}],
    ["network", "vm-net-101"],
    ["network.devices", { networkName: "a" }],
    ["cloneMode", true],
    ["tagIDs", "urn:x"],
    ["diskGiB", "120"],
  ])("with the %s %j is an error, not another platform's", (key, value) => {
    expect(() => read(altered(object, `${at}.${key}`, value))).toThrow(key.split(".").at(-1));
  });
});

test.each<[string, string, unknown, object]>([
  ["no spec.template", "spec.template", undefined, { templateLabels: {}, provider: null }],
  ["no labels", "metadata.labels", undefined, { labels: {} }],
  ["no annotations", "metadata.annotations", undefined, { annotations: {} }],
  ["no template labels", "spec.template.metadata.labels", undefined, { templateLabels: {} }],
  ["no template metadata", "spec.template.metadata", undefined, { templateLabels: {} }],
  ["an authority", "spec.authoritativeAPI", "ClusterAPI", { authoritativeAPI: "ClusterAPI" }],
])("a MachineSet may have %s", (_, ...[path, value, expected]) => {
  expect(readMachineSet(altered(machineSet, path, value))).toEqual({ ...readMachineSet(machineSet), ...expected });
});

test.each<[string, string, unknown, object]>([
  ["no status", "status", undefined, { phase: undefined, node: undefined }],
  ["no nodeRef", "status.nodeRef", undefined, { node: undefined }],
  ["no labels", "metadata.labels", undefined, { machineSet: undefined }],
  ["no providerID", "spec.providerID", undefined, { providerID: undefined }],
])("a Machine may have %s", (_, ...[path, value, expected]) => {
  expect(readMachine(altered(machine, path, value))).toEqual({ ...readMachine(machine), ...expected });
});

test.each([
  ["metadata", undefined],
  ["metadata.name", undefined],
  ["metadata.uid", 7],
  ["metadata.resourceVersion", undefined],
  ["metadata.creationTimestamp", "yesterday"],
  ["metadata.labels", { a: 1 }],
  ["metadata.labels", []],
  ["metadata.annotations", "a=b"],
  ["spec", undefined],
])("neither may have the %s %j", (path, value) => {
  expect(() => readMachineSet(altered(machineSet, path, value))).toThrow();
  expect(() => readMachine(altered(machine, path, value))).toThrow();
});

test.each([undefined, null, "a", 7, [], {}])("%j is no object of either kind", (object) => {
  expect(() => readMachineSet(object)).toThrow();
  expect(() => readMachine(object)).toThrow();
});
