// The admission policies of bootwarden and their bindings, reduced to whether they are in force.
import { z } from "zod";
import { admissionPolicies } from "../../common/annotations.ts";
import type { SeenPolicy } from "../decide/admission.ts";
import type { Kube } from "./kube.ts";

const root = "/apis/admissionregistration.k8s.io/v1";
const Binding = z.object({
  spec: z.object({
    policyName: z.string(),
    validationActions: z.array(z.string()).default([]),
    matchResources: z.unknown().optional(),
    paramRef: z.unknown().optional(),
  }),
});

/** One by one: the right to read them is given by name. Throws KubeError. */
export async function readAdmissionPolicies(kube: Pick<Kube, "get">): Promise<SeenPolicy[]> {
  return await Promise.all(
    admissionPolicies.map(async (name) => {
      const [policy, binding] = await Promise.all([
        kube.get(`${root}/validatingadmissionpolicies/${name}`),
        kube.get(`${root}/validatingadmissionpolicybindings/${name}`),
      ]);
      return { name, exists: policy !== undefined, binding: binding === undefined ? null : readBinding(binding) };
    }),
  );
}

function readBinding(object: unknown): SeenPolicy["binding"] {
  const { policyName, validationActions, matchResources, paramRef } = Binding.parse(object).spec;
  // The API server fills an empty matchResources in with matchPolicy and two selectors of everything.
  const narrow = JSON.stringify(matchResources ?? {}).replaceAll(
    /"(namespace|object)Selector":\{\}|"matchPolicy":"\w+"/g,
    "",
  );
  return {
    policyName,
    denies: validationActions.includes("Deny"),
    isNarrow: paramRef !== undefined || /[^{},]/.test(narrow),
  };
}
