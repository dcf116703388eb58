// The rights: no wider than what is written here.
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { resources } from "../../cli/kube/resource.ts";
import { agentName, controllerName, namespace, readerName, vcenterSecret } from "../../common/annotations.ts";
import { builtManifests, type Manifest } from "./built.ts";

const Binding = z.object({
  roleRef: z.object({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.object({ kind: z.string(), name: z.string(), namespace: z.string() })),
});

const manifests = await builtManifests();
const sccBinding = `${agentName}-scc`;
const bindings = manifests.filter(({ kind, metadata }) => kind.endsWith("RoleBinding") && metadata.name !== sccBinding);

describe("RBAC", () => {
  const roles = manifests.filter(({ kind }) => kind === "ClusterRole" || kind === "Role");
  const rules = roles.flatMap(({ kind, metadata, rules }) =>
    rules.map((rule) => ({ role: `${kind} ${metadata.namespace ?? ""}/${metadata.name}`, ...rule })),
  );

  test("grants no wildcard", () => {
    const wild = rules.filter((rule) => [...rule.apiGroups, ...rule.resources, ...rule.verbs].join().includes("*"));
    expect(wild).toEqual([]);
  });

  test("grants of Secrets only get, by name", () => {
    const secrets = rules.filter(({ resources }) => resources.includes("secrets"));
    expect(secrets).toMatchObject([
      { role: `Role ${namespace}/${controllerName}`, verbs: ["get"], resourceNames: [vcenterSecret] },
      {
        role: `Role openshift-machine-api/${controllerName}`,
        verbs: ["get"],
        resourceNames: ["vsphere-cloud-credentials", "worker-user-data", "worker-user-data-managed"],
      },
    ]);
  });

  test("grants no verb that deletes, replaces (but the lease) or escalates", () => {
    const verbs = new Set(rules.flatMap(({ verbs }) => verbs));
    expect([...verbs].sort()).toEqual(["create", "get", "list", "patch", "update", "watch"]);
  });

  test("lets nothing be written but Nodes, MachineSets, the policy's status, Events, the lease and the clients' CA", () => {
    const writing = rules.filter(({ verbs }) => verbs.some((verb) => ["create", "patch", "update"].includes(verb)));
    const told = writing.map(({ role, resources, resourceNames, verbs }) =>
      [`${role}: ${verbs} ${resources}`, ...resourceNames].join(" "),
    );
    expect(told.sort()).toEqual([
      `ClusterRole /${agentName}: get,patch nodes`,
      `ClusterRole /${controllerName}: list,watch,patch nodes`,
      `ClusterRole /${controllerName}: patch bootimagepolicies/status`,
      `Role bootwarden/${controllerName}: create leases`,
      `Role bootwarden/${controllerName}: get,watch,update leases ${controllerName}`,
      `Role bootwarden/${controllerName}: patch configmaps metrics-client-ca`,
      `Role default/${controllerName}: create events`,
      `Role openshift-machine-api/${controllerName}: create events`,
      `Role openshift-machine-api/${controllerName}: list,watch,patch machinesets`,
    ]);
  });

  test("binds OpenShift's role for privileged pods to the agent's ServiceAccount, in its namespace", () => {
    expect(
      manifests.filter(({ kind, metadata }) => kind === "RoleBinding" && metadata.name === sccBinding),
    ).toMatchObject([
      {
        metadata: { namespace },
        roleRef: { kind: "ClusterRole", name: "system:openshift:scc:privileged" },
        subjects: [{ kind: "ServiceAccount", name: agentName, namespace }],
      },
    ]);
  });

  test("binds each role to the ServiceAccount of its name, and to nobody else", () => {
    for (const object of bindings) {
      const { roleRef, subjects } = Binding.parse(object);
      const { name } = object.metadata;
      expect(roleRef).toEqual({ kind: object.kind.replace("Binding", ""), name });
      expect(subjects).toEqual([{ kind: "ServiceAccount", name, namespace }]);
    }
  });

  test("is bound as a whole, but for what people read", () => {
    const key = ({ kind, metadata }: Manifest) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
    const bound = bindings.map((object) => key(object).replace("Binding", ""));
    expect([...bound, `ClusterRole /${readerName}`].sort()).toEqual(roles.map(key).sort());
  });

  test("of people who look belong to OpenShift's cluster-reader", () => {
    expect(manifests.find(({ metadata }) => metadata.name === readerName)?.metadata).toMatchObject({
      labels: { "rbac.authorization.k8s.io/aggregate-to-cluster-reader": "true" },
    });
  });

  test("of people who look: what the CLI reads, each in one rule, and nothing that is written or secret", () => {
    const reader = rules.filter(({ role }) => role === `ClusterRole /${readerName}`);
    const granted = reader.flatMap(({ apiGroups: [group], resources: plurals }) =>
      plurals.map((one) => `${group}/${one}`),
    );
    const read = Object.values(resources).map(({ group, plural }) => `${group}/${plural}`);
    expect(granted.sort()).toEqual(read.sort());
    expect([...new Set(reader.flatMap(({ verbs }) => verbs))].sort()).toEqual(["get", "list"]);
  });
});
