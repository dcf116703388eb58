// OpenShift's conventions for pods beside its own: those that docs/conventions.md says are met, as far as manifests can show them.
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { agentName, controllerName, namespace } from "../../common/annotations.ts";
import { tablesOf } from "../markdown-tables.ts";
import { builtManifests } from "./built.ts";
import { composedManifests } from "./composed.ts";

const Pod = z.looseObject({
  priorityClassName: z.string(),
  tolerations: z.array(z.unknown()),
  topologySpreadConstraints: z.array(z.looseObject({})).default([]),
  containers: z.tuple([
    z.looseObject({
      name: z.string(),
      resources: z.strictObject({ requests: z.strictObject({ cpu: z.string(), memory: z.string() }) }),
      terminationMessagePolicy: z.string(),
    }),
  ]),
});
const Workload = z.object({
  spec: z.looseObject({
    template: z.object({ metadata: z.object({ annotations: z.record(z.string(), z.string()) }), spec: Pod }),
  }),
});

const manifests = await builtManifests();

function workload(kind: string, name: string) {
  return Workload.parse(manifests.find((object) => object.kind === kind && object.metadata.name === name)).spec;
}

const agent = workload("DaemonSet", agentName);
const controller = workload("Deployment", controllerName);

describe.each([
  { program: "agent", set: agent, scc: "privileged", priority: "system-node-critical" },
  { program: "controller", set: controller, scc: "restricted-v2", priority: "system-cluster-critical" },
])("the pod of the $program", ({ program, set, scc, priority }) => {
  const { metadata, spec } = set.template;
  const [container] = spec.containers;

  test("says which SCC it needs, which container is meant, and that it may move to management cores", () => {
    expect(metadata.annotations).toEqual({
      "openshift.io/required-scc": scc,
      "kubectl.kubernetes.io/default-container": container.name,
      "target.workload.openshift.io/management": '{"effect":"PreferredDuringScheduling"}',
    });
  });

  test("has its priority, and ends with its log as message", () => {
    expect(spec.priorityClassName).toBe(priority);
    expect(container.terminationMessagePolicy).toBe("FallbackToLogsOnError");
  });

  test("has no limits, and requests the memory that was measured, in full tens of MiB", () => {
    const figures = tablesOf("docs/benchmarks.md").get("On kubelets") ?? [];
    const [, measured] = figures.find(([figure]) => figure?.startsWith(`\`${program}_working_set_mb\``)) ?? [];
    expect(container.resources.requests.memory).toBe(`${Math.ceil(Number(measured) / 10) * 10}Mi`);
    expect(Number.parseInt(container.resources.requests.cpu, 10)).toBeGreaterThanOrEqual(5);
  });
});

test("a tenth of the agents is replaced at a time, on every node whatever its taints", () => {
  expect(agent.updateStrategy).toEqual({ type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } });
  expect(agent.template.spec.tolerations).toEqual([{ operator: "Exists" }]);
});

test("agents are on Linux alone", () => {
  expect(agent.template.spec).toMatchObject({ nodeSelector: { "kubernetes.io/os": "linux" } });
});

test("controllers are on different nodes where they can, and tolerate the control plane's taint alone", () => {
  expect(controller.template.spec.topologySpreadConstraints).toEqual([
    {
      topologyKey: "kubernetes.io/hostname",
      maxSkew: 1,
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: controller.selector,
      matchLabelKeys: ["pod-template-hash"],
    },
  ]);
  expect(controller.template.spec.tolerations).toEqual([
    { key: "node-role.kubernetes.io/master", operator: "Exists", effect: "NoSchedule" },
  ]);
});

test("the new controller is up before the old one goes", () => {
  expect(controller.strategy).toEqual({ type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
});

test("a drain may take every controller: a budget would hold up that of the only node that they may run on", () => {
  expect(manifests.filter(({ kind }) => kind === "PodDisruptionBudget")).toEqual([]);
  expect(controller).toMatchObject({ replicas: 2 });
});

describe("the network", () => {
  const policies = new Map(
    manifests.filter(({ kind }) => kind === "NetworkPolicy").map(({ metadata, spec }) => [metadata.name, spec]),
  );
  const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: "TCP", port }));

  test("is closed, but for what is said below", () => {
    expect([...policies.keys()].sort()).toEqual(["api-server", "controller", "default-deny", "metrics"]);
    expect(policies.get("default-deny")).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });

  test("lets only OpenShift's two monitorings in, to the metrics of both programs", () => {
    const values = ["openshift-monitoring", "openshift-user-workload-monitoring"];
    const matchExpressions = [{ key: "kubernetes.io/metadata.name", operator: "In", values }];
    expect(policies.get("metrics")).toMatchObject({
      podSelector: {
        matchExpressions: [{ key: "app.kubernetes.io/name", operator: "In", values: [agentName, controllerName] }],
      },
      ingress: [{ from: [{ namespaceSelector: { matchExpressions } }], ports: tcp(...metricsPorts()) }],
    });
  });

  test("lets everyone out to the API server, and the controller to DNS and to port 443", () => {
    expect(policies.get("api-server")).toMatchObject({ podSelector: {}, egress: [{ ports: tcp(6443) }] });
    const matchLabels = { "kubernetes.io/metadata.name": "openshift-dns" };
    const ports = ["UDP", "TCP"].map((protocol) => ({ protocol, port: 5353 }));
    expect(policies.get("controller")).toMatchObject({
      podSelector: { matchLabels: { "app.kubernetes.io/name": controllerName } },
      egress: [{ to: [{ namespaceSelector: { matchLabels } }], ports }, { ports: tcp(443) }],
    });
  });
});

/** Of the Services, of which each has one. */
function metricsPorts(): number[] {
  const Service = z.object({ spec: z.object({ ports: z.tuple([z.object({ port: z.number() })]) }) });
  return manifests.filter(({ kind }) => kind === "Service").map((object) => Service.parse(object).spec.ports[0].port);
}

test("its namespace binds its pods to no nodes, and they may go to management cores", () => {
  const [found] = manifests.filter(({ kind }) => kind === "Namespace");
  expect(found?.metadata).toMatchObject({
    name: namespace,
    annotations: { "openshift.io/node-selector": "", "workload.openshift.io/allowed": "management" },
  });
});

test("its namespace takes the agent's pods, and OpenShift does not tell it otherwise", () => {
  const [found] = manifests.filter(({ kind }) => kind === "Namespace");
  expect(found?.metadata).toMatchObject({
    labels: {
      "pod-security.kubernetes.io/enforce": "privileged",
      "pod-security.kubernetes.io/audit": "privileged",
      "pod-security.kubernetes.io/warn": "privileged",
      "security.openshift.io/scc.podSecurityLabelSync": "false",
    },
  });
});

test("nothing of it can hold up an upgrade: no operator's status, and the policy on kubelets fails open", () => {
  expect(manifests.filter(({ kind }) => kind === "ClusterOperator")).toEqual([]);
  const [kubelet] = manifests.filter(
    ({ kind, metadata }) => kind === "ValidatingAdmissionPolicy" && metadata.name === "bootwarden-kubelet",
  );
  expect(kubelet).toMatchObject({ spec: { failurePolicy: "Ignore" } });
});

test("its CredentialsRequest is in its own namespace", async () => {
  const [request, ...others] = (await composedManifests("credentials")).filter(
    ({ kind }) => kind === "CredentialsRequest",
  );
  expect(others).toEqual([]);
  expect(request?.metadata).toMatchObject({ namespace });
});
