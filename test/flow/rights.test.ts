// The rights: what the accounts of agent and controller, and a kubelet, may not do, tried against the real API server.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { agentAnnotations, agentName, controllerName, namespace, nodeLabels } from "../../common/annotations.ts";
import type { Api } from "../lab/api.ts";
import { type Lab, startLab } from "../lab/lab.ts";
import { installedTemplate, machineSetName, type Zone, zones } from "../lab/topology.ts";

const end = new AbortController();
const [zone] = zones as [Zone];
const nodes = "/api/v1/nodes";
const own = `${nodes}/own`;
const machineSet = `/apis/machine.openshift.io/v1beta1/namespaces/openshift-machine-api/machinesets/${machineSetName(zone)}`;
const controlPlaneMachineSets =
  "/apis/machine.openshift.io/v1/namespaces/openshift-machine-api/controlplanemachinesets";
let lab: Lab;
let agent: Api;
let controller: Api;

beforeAll(async () => {
  const options = { controller: false, nodes: false, machineSets: true, imageMiB: 1, say: console.error };
  lab = await startLab(options, end.signal);
  for (const name of ["own", "other"]) {
    await lab.api.apply({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels: { a: "b" }, annotations: { a: "b" } },
    });
  }
  controller = lab.api.withToken(await token(controllerName));
  agent = lab.api.withToken(await token(agentName, await podOn("own")));
});
afterAll(() => lab?.close());

async function podOn(nodeName: string): Promise<{ name: string; uid: string }> {
  const made = await lab.api.send("POST", `/api/v1/namespaces/${namespace}/pods`, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `on-${nodeName}`, namespace },
    spec: { nodeName, serviceAccountName: agentName, containers: [{ name: "agent", image: "agent" }] },
  });
  return z.object({ metadata: z.object({ name: z.string(), uid: z.string() }) }).parse(made).metadata;
}

async function token(account: string, pod?: { name: string; uid: string }): Promise<string> {
  const boundObjectRef = pod && { kind: "Pod", apiVersion: "v1", ...pod };
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { boundObjectRef } };
  const answer = await lab.api.send("POST", path, request);
  return z.object({ status: z.object({ token: z.string() }) }).parse(answer).status.token;
}

const managed = `fieldManager=${agentName}`;
const byController = `fieldManager=${controllerName}`;
const annotate = (annotations: Record<string, unknown>) => ({ metadata: { annotations } });

describe("the agent", () => {
  test("may read and annotate its own Node", async () => {
    expect((await agent.get(own))?.metadata.name).toBe("own");
    await agent.merge(`${own}?${managed}`, annotate({ [agentAnnotations.bootedVersion]: "9.8.1-0" }));
    await agent.merge(`${own}?${managed}`, annotate({ [agentAnnotations.bootedVersion]: null }));
  });

  const refusals: [string, string, unknown, RegExp][] = [
    ["another Node", `${nodes}/other?${managed}`, annotate({ [agentAnnotations.report]: "x" }), /bound to/],
    ["an annotation of others", `${own}?${managed}`, annotate({ b: "c" }), /own annotations/],
    ["the removal of an annotation of others", `${own}?${managed}`, annotate({ a: null }), /own annotations/],
    ["the verdict", `${own}?${managed}`, annotate({ "bootwarden.io/verdict-reason": "x" }), /own annotations/],
    [
      "a report that is too large",
      `${own}?${managed}`,
      annotate({ [agentAnnotations.report]: "x".repeat(4097) }),
      /4096 bytes/,
    ],
    ["a label", `${own}?${managed}`, { metadata: { labels: { [nodeLabels.verdict]: "Verified" } } }, /labels/],
    ["a taint", `${own}?${managed}`, { spec: { taints: [{ key: "a", effect: "NoExecute" }] } }, /spec/],
    ["cordoning", `${own}?${managed}`, { spec: { unschedulable: true } }, /spec/],
    ["a finalizer", `${own}?${managed}`, { metadata: { finalizers: ["a.b/c"] } }, /finalizers/],
    [
      "an owner",
      `${own}?${managed}`,
      { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "a", uid: "b" }] } },
      /owners/,
    ],
    ["another field manager", `${own}?fieldManager=x`, annotate({ [agentAnnotations.report]: "x" }), /field manager/],
    ["the status", `${own}/status?${managed}`, { status: { phase: "x" } }, /forbidden/],
  ];
  test.each(refusals)("may not write %s", async (_, ...[path, patch, why]) => {
    const before = await lab.api.get(path.replace(/(\/status)?\?.*/, ""));
    await expect(agent.merge(path, patch)).rejects.toThrow(why);
    expect(await lab.api.get(path.replace(/(\/status)?\?.*/, ""))).toEqual(before);
  });

  test("may not write without a node in its token", async () => {
    const unbound = lab.api.withToken(await token(agentName));
    const patch = annotate({ [agentAnnotations.report]: "x" });
    await expect(unbound.merge(`${own}?${managed}`, patch)).rejects.toThrow(/bound to/);
  });

  const forbidden: [string, () => Promise<unknown>][] = [
    ["list Nodes", () => agent.list(nodes)],
    ["delete its Node", () => agent.remove(own)],
    ["create a Node", () => agent.send("POST", nodes, { apiVersion: "v1", kind: "Node", metadata: { name: "new" } })],
    ["read Secrets", () => agent.list("/api/v1/namespaces/openshift-machine-api/secrets")],
    ["read Machines", () => agent.list("/apis/machine.openshift.io/v1beta1/machines")],
  ];
  test.each(forbidden)("may not %s", async (_, act) => {
    await expect(act()).rejects.toThrow(/403/);
  });
});

const configMaps = "/api/v1/namespaces/openshift-config/configmaps";
const value = (change: unknown) => ({ spec: { template: { spec: { providerSpec: { value: change } } } } });

describe("the controller", () => {
  test("may point a MachineSet at another template, and note the way back", async () => {
    const wayBack = annotate({ "bootwarden.io/previous-template": installedTemplate(zone) });
    await controller.merge(`${machineSet}?${byController}`, { ...wayBack, ...value({ template: "another" }) });
  });

  test("may read the accounts of vCenters and the cloud configuration", async () => {
    for (const at of ["openshift-machine-api/secrets/vsphere-cloud-credentials", `${namespace}/secrets/vcenter`])
      await expect(controller.get(`/api/v1/namespaces/${at}`)).resolves.not.toThrow();
    const named = "fieldSelector=metadata.name=cloud-provider-config";
    expect(await controller.list(`${configMaps}?${named}`)).toHaveLength(1);
  });

  const refusals: [string, unknown, RegExp][] = [
    ["replicas", { spec: { replicas: 3 } }, /only the template/],
    ["owners", { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "a", uid: "b" }] } }, /only the/],
    ["finalizers", { metadata: { finalizers: ["a.b/c"] } }, /only the template/],
    ["who is authoritative", { spec: { authoritativeAPI: "ClusterAPI" } }, /only the template/],
    ["taints", { spec: { template: { spec: { taints: [{ key: "a", effect: "NoExecute" }] } } } }, /only the template/],
    ["machines' labels on Nodes", { spec: { template: { spec: { metadata: { labels: { a: "b" } } } } } }, /only the/],
    [
      "lifecycle hooks",
      { spec: { template: { spec: { lifecycleHooks: { preDrain: [{ name: "wait", owner: "somebody" }] } } } } },
      /only/,
    ],
    ["the snapshot", value({ snapshot: "other" }), /only the template/],
    [
      "the autoscaler's limit",
      annotate({ "machine.openshift.io/cluster-api-autoscaler-node-group-max-size": "9" }),
      /previous/,
    ],
    ["a label", { metadata: { labels: { a: "b" } } }, /only the template/],
    ["machines' labels", { spec: { template: { metadata: { labels: { a: "b" } } } } }, /only the template/],
    ["the workspace", value({ workspace: { folder: "/dc-east/vm/other" } }), /only the template/],
    ["the memory", value({ memoryMiB: 32_768 }), /only the template/],
    ["the user data", value({ userDataSecret: { name: "other" } }), /only the template/],
    ["the network", value({ network: { devices: [{ networkName: "other" }] } }), /only the template/],
    ["tags", value({ tagIDs: ["urn:vmomi:InventoryServiceTag:5736bf56-49f5-4667-b38c-b97e09dc9578:GLOBAL"] }), /only/],
    ["another annotation", annotate({ "bootwarden.io/hold": null, a: "b" }), /previous-template/],
  ];
  test.each(refusals)("may not change of a MachineSet %s", async (_, patch, why) => {
    await expect(controller.merge(`${machineSet}?${byController}`, patch)).rejects.toThrow(why);
  });

  const nodeRefusals: [string, unknown, RegExp][] = [
    ["a taint", { spec: { taints: [{ key: "a", effect: "NoExecute" }] } }, /spec/],
    ["a label of others", { metadata: { labels: { a: "c" } } }, /own labels/],
    ["the report", annotate({ [agentAnnotations.report]: "x" }), /own annotations/],
  ];
  test.each(nodeRefusals)("may not write of a Node %s", async (_, patch, why) => {
    await expect(controller.merge(`${own}?${byController}`, patch)).rejects.toThrow(why);
  });

  const forbidden: [string, () => Promise<unknown>][] = [
    ["list Secrets", () => controller.list("/api/v1/namespaces/openshift-machine-api/secrets")],
    ["list the Secrets of its own namespace", () => controller.list(`/api/v1/namespaces/${namespace}/secrets`)],
    ["list the ConfigMaps of the cluster's configuration", () => controller.list(`${configMaps}`)],
    ["read another of them", () => controller.get(`${configMaps}/user-ca-bundle`)],
    ["read another Secret", () => controller.get("/api/v1/namespaces/openshift-machine-api/secrets/worker-user-data")],
    ["read kube-system's Secrets", () => controller.get("/api/v1/namespaces/kube-system/secrets/vsphere-creds")],
    ["delete a MachineSet", () => controller.remove(machineSet)],
    ["delete a ControlPlaneMachineSet", () => controller.remove(`${controlPlaneMachineSets}/cluster`)],
    [
      "change the policy",
      () => controller.merge("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster", { spec: {} }),
    ],
  ];
  test.each(forbidden)("may not %s", async (_, act) => {
    await expect(act()).rejects.toThrow(/403/);
  });
});

describe("a kubelet", () => {
  test.each([
    ["the verdict", { metadata: { labels: { [nodeLabels.verdict]: "Verified" } } }],
    ["the report", annotate({ [agentAnnotations.report]: "x" })],
  ])("may not write %s on its own Node", async (_, patch) => {
    await expect(lab.api.asKubelet("own").merge(own, patch)).rejects.toThrow(/not the node's|agent's to write/);
  });
});
