// The admission policies: they list the keys of the code, and bind who they should.
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  admissionPolicies,
  agentAnnotations,
  agentName,
  controllerName,
  machineSetAnnotations,
  namespace,
  nodeAnnotations,
  nodeLabels,
  reportLimit,
  valueLimit,
} from "../../common/annotations.ts";
import { builtManifests } from "./built.ts";

const manifests = await builtManifests();

describe("the admission policies", () => {
  const Policy = z.object({
    spec: z.object({
      failurePolicy: z.string(),
      matchConditions: z.array(z.object({ name: z.string(), expression: z.string() })),
      variables: z.array(z.object({ name: z.string(), expression: z.string() })).default([]),
      validations: z.array(z.object({ expression: z.string(), message: z.string() })),
    }),
  });
  const policies = new Map(
    manifests
      .filter(({ kind }) => kind === "ValidatingAdmissionPolicy")
      .map((object) => [object.metadata.name, Policy.parse(object).spec]),
  );
  const expressions = (name: string) => {
    const spec = policies.get(name);
    return [...(spec?.variables ?? []), ...(spec?.validations ?? [])].map(({ expression }) => expression).join("\n");
  };
  const keysIn = (name: string) => [
    ...new Set([...expressions(name).matchAll(/'((?:agent\.)?bootwarden\.io\/[^']*)'/g)].map(([, key]) => key)),
  ];

  test.each<[string, string[]]>([
    ["bootwarden-agent", Object.values(agentAnnotations)],
    ["bootwarden-controller-nodes", [...Object.values(nodeLabels), ...Object.values(nodeAnnotations)]],
    ["bootwarden-controller-machinesets", [machineSetAnnotations.previousTemplate]],
    ["bootwarden-controller-events", []],
    [
      "bootwarden-kubelet",
      [
        ...Object.values(nodeLabels),
        ...Object.values(nodeAnnotations),
        ...Object.values(agentAnnotations),
        ...["bootwarden.io/", "agent.bootwarden.io/"],
      ],
    ],
  ])("%s lists exactly the keys of the code", (name, keys) => {
    expect(keysIn(name)).toEqual(keys);
  });

  test.each([
    ["bootwarden-agent", agentName],
    ["bootwarden-controller-nodes", controllerName],
    ["bootwarden-controller-machinesets", controllerName],
    ["bootwarden-controller-events", controllerName],
  ])("%s binds the ServiceAccount %s, and fails closed", (name, account) => {
    const user = `request.userInfo.username == 'system:serviceaccount:${namespace}:${account}'`;
    expect(policies.get(name)?.matchConditions.map(({ expression }) => expression)).toEqual([user]);
    expect(policies.get(name)?.failurePolicy).toBe("Fail");
  });

  test("the kubelet's fails open: nothing of ours stops a node", () => {
    expect(policies.get("bootwarden-kubelet")?.failurePolicy).toBe("Ignore");
  });

  test("the agent's holds the limits of the report and of the other values", () => {
    const limits = `(k == '${agentAnnotations.report}' ? ${reportLimit} : ${valueLimit})`;
    expect(expressions("bootwarden-agent")).toContain(`size(bytes(variables.new[k])) <= ${limits}`);
  });

  test.each([
    ["bootwarden-agent", agentName],
    ["bootwarden-controller-nodes", controllerName],
    ["bootwarden-controller-machinesets", controllerName],
    ["bootwarden-controller-events", controllerName],
  ])("%s holds the field manager %s", (name, manager) => {
    expect(expressions(name)).toContain(`request.options.?fieldManager.orValue('') == '${manager}'`);
  });

  test("are those that the controller looks for, and may read", () => {
    expect([...policies.keys()].sort()).toEqual([...admissionPolicies]);
    const reading = manifests
      .flatMap(({ rules }) => rules)
      .filter(({ apiGroups }) => apiGroups[0]?.startsWith("admission"));
    const resources = ["validatingadmissionpolicies", "validatingadmissionpolicybindings"];
    expect(reading).toMatchObject([{ resources, resourceNames: admissionPolicies, verbs: ["get"] }]);
  });

  test("each has a binding that denies", () => {
    const bindings = manifests.filter(({ kind }) => kind === "ValidatingAdmissionPolicyBinding");
    expect(bindings.map(({ spec }) => spec)).toEqual(
      [...policies.keys()].map((policyName) => ({ policyName, validationActions: ["Deny"] })),
    );
  });
});
