// Reading Nodes and the agents' pods: the fixtures, and objects that are odd or hostile.
import { expect, test } from "vitest";
import { agentAnnotations, nodeAnnotations, nodeLabels } from "../../../common/annotations.ts";
import { readAgentPod, readNode } from "../../../controller/cluster/node-objects.ts";
import { altered, objectOf } from "./objects.ts";

const node = objectOf("node-worker");

test("a Node", () => {
  const read = readNode(node);
  expect(read).toMatchObject({
    name: "lab-7x2kq-worker-a-h8t2p",
    uid: "0d1f6c1e-1111-4222-8333-944455556666",
    bootID: "3c0a9b5d-1111-4222-8333-944455556666",
    osImage: "Red Hat Enterprise Linux CoreOS 9.6.20261028-0 (Plow)",
    operatingSystem: "linux",
    written: {},
  });
  expect(read.labels["node-role.kubernetes.io/worker"]).toBe("");
  expect(read.annotations["machineconfiguration.openshift.io/state"]).toBe("Done");
});

test("of a layered Node the images are kept", () => {
  const { annotations } = readNode(objectOf("node-worker-layered"));
  const images = ["currentImage", "desiredImage"].map((key) => annotations[`machineconfiguration.openshift.io/${key}`]);
  expect(images).toEqual([expect.stringContaining("@sha256:"), expect.stringContaining("@sha256:")]);
});

test("of the annotations only those that are used are kept", () => {
  const used = { [agentAnnotations.report]: "{}", "machineconfiguration.openshift.io/reason": "" };
  const unused = { [agentAnnotations.bootedImage]: "i", "machineconfiguration.openshift.io/desiredDrain": "d" };
  const others = {
    ...unused,
    "example.com/large": "x".repeat(200_000),
    "bootwarden.io/verdict": "Verified",
    bootwarden: "",
  };
  expect(readNode(altered(node, "metadata.annotations", { ...used, ...others })).annotations).toEqual(used);
});

test("what stands under our keys is what we wrote, labels as labels and annotations as annotations", () => {
  const labels = { [nodeLabels.verdict]: "Verified", [nodeLabels.osDigest]: "0123456789abcdef" };
  const annotations = { [nodeAnnotations.verdictReason]: "DigestMatch", [nodeAnnotations.bootImageCheck]: "Match" };
  const ours = altered(altered(node, "metadata.labels", labels), "metadata.annotations", annotations);
  expect(readNode(ours).written).toEqual({ ...labels, ...annotations });
  const swapped = altered(altered(node, "metadata.labels", annotations), "metadata.annotations", labels);
  expect(readNode(swapped).written).toEqual({});
});

test.each<[string, string, unknown, object]>([
  [
    "no labels and annotations",
    "metadata",
    { name: "n", uid: "u", resourceVersion: "1", creationTimestamp: "2026-11-20T10:00:00Z" },
    { labels: {}, annotations: {} },
  ],
  ["no status", "status", undefined, { bootID: "", osImage: "", operatingSystem: "" }],
  ["no nodeInfo", "status.nodeInfo", undefined, { bootID: "", osImage: "", operatingSystem: "" }],
])("a Node may have %s", (_, ...[path, value, expected]) => {
  expect(readNode(altered(node, path, value))).toMatchObject(expected);
});

test.each([
  ["metadata.name", 7],
  ["metadata.uid", undefined],
  ["metadata.labels", { a: null }],
  ["metadata.annotations", [["a", "b"]]],
  ["status", "Ready"],
  ["status.nodeInfo", {}],
  ["status.nodeInfo.bootID", undefined],
  ["status.nodeInfo.bootID", 7],
])("a Node with the %s %j is an error", (path, value) => {
  expect(() => readNode(altered(node, path, value))).toThrow();
});

const ready = { type: "Ready", status: "True", lastTransitionTime: "2026-11-20T10:05:00Z" };
const pod = {
  metadata: {
    name: "p",
    namespace: "bootwarden",
    uid: "u",
    resourceVersion: "1",
    creationTimestamp: "2026-11-20T10:00:00Z",
  },
  spec: { nodeName: "n" },
  status: { conditions: [{ type: "PodScheduled", status: "True", lastTransitionTime: "2026-11-20T10:01:00Z" }, ready] },
};
const created = Date.parse("2026-11-20T10:00:00Z");
const changed = Date.parse("2026-11-20T10:05:00Z");

test.each<[string, string, unknown, object]>([
  ["Ready", "status.conditions.1", ready, { node: "n", ready: true, since: changed }],
  ["not Ready", "status.conditions.1.status", "False", { node: "n", ready: false, since: changed }],
  ["in an unknown state", "status.conditions.1.status", "Unknown", { node: "n", ready: false, since: changed }],
  [
    "in a state that is spelled otherwise",
    "status.conditions.1.status",
    "true",
    { node: "n", ready: false, since: changed },
  ],
  [
    "without the time of the change",
    "status.conditions.1.lastTransitionTime",
    null,
    { node: "n", ready: true, since: created },
  ],
  [
    "without the condition",
    "status.conditions.1",
    { ...ready, type: "Other" },
    { node: "n", ready: false, since: created },
  ],
  ["without conditions", "status.conditions", undefined, { node: "n", ready: false, since: created }],
  ["without a status", "status", undefined, { node: "n", ready: false, since: created }],
  ["that is not scheduled", "spec.nodeName", undefined, { node: undefined, ready: true, since: changed }],
])("a pod %s", (_, ...[path, value, expected]) => {
  expect(readAgentPod(altered(pod, path, value))).toEqual(expected);
});

test.each([
  ["metadata.creationTimestamp", "now"],
  ["metadata.creationTimestamp", undefined],
  ["status.conditions.1.lastTransitionTime", "a while ago"],
  ["status.conditions.1.status", true],
  ["status.conditions", {}],
  ["spec", undefined],
  ["spec.nodeName", 7],
])("a pod with the %s %j is an error, never one that is for ever young", (path, value) => {
  expect(() => readAgentPod(altered(pod, path, value))).toThrow();
});
