import { expect, test } from "vitest";
import { admissionPolicies } from "../../../common/annotations.ts";
import { readAdmissionPolicies } from "../../../controller/cluster/admission-policies.ts";

const name = "bootwarden-kubelet";
/** As an API server gives it that fills in what the manifest leaves out. */
const matchResources = { matchPolicy: "Equivalent", namespaceSelector: {}, objectSelector: {} };

async function bindingWith(spec: object) {
  const seen = await readAdmissionPolicies({
    get: async (path) => (path.endsWith(`bindings/${name}`) ? { spec: { policyName: name, ...spec } } : undefined),
  });
  expect(seen.map((one) => one.name)).toEqual(admissionPolicies);
  return seen.find((one) => one.name === name)?.binding;
}

test.each<[string, object, { denies: boolean; isNarrow: boolean }]>([
  ["as installed", { validationActions: ["Deny"] }, { denies: true, isNarrow: false }],
  ["as the API server fills it in", { validationActions: ["Deny"], matchResources }, { denies: true, isNarrow: false }],
  ["with an audit beside", { validationActions: ["Audit", "Deny"] }, { denies: true, isNarrow: false }],
  ["that warns", { validationActions: ["Warn"] }, { denies: false, isNarrow: false }],
  ["without an action", {}, { denies: false, isNarrow: false }],
  [
    "for some namespaces",
    { matchResources: { namespaceSelector: { matchLabels: { a: "b" } } } },
    { denies: false, isNarrow: true },
  ],
  [
    "that excludes a rule",
    { matchResources: { ...matchResources, excludeResourceRules: [{}] } },
    { denies: false, isNarrow: true },
  ],
  ["with parameters", { validationActions: ["Deny"], paramRef: { name: "x" } }, { denies: true, isNarrow: true }],
])("a binding %s", async (_, spec, read) => {
  expect(await bindingWith(spec)).toEqual({ policyName: name, ...read });
});

test("what is not there", async () => {
  const seen = await readAdmissionPolicies({ get: async () => undefined });
  expect(seen).toEqual(admissionPolicies.map((one) => ({ name: one, exists: false, binding: null })));
});
