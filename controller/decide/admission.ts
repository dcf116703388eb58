// The admission policies: whether all that hold bootwarden's accounts, and kubelets, to their work are installed.
import type { Reason } from "../../common/reasons.ts";

/** A ValidatingAdmissionPolicy and the binding of the same name, as the API server has them. */
export interface SeenPolicy {
  name: string;
  exists: boolean;
  /** Null where there is none. */
  binding: { policyName: string; denies: boolean; isNarrow: boolean } | null;
}

/** "Installed", or what is missing, in words. */
export type Admission = "Installed" | { reason: Reason; message: string };

export function admission(seen: readonly SeenPolicy[]): Admission {
  const lacks = seen.flatMap(lacksOf);
  if (lacks.length === 0) return "Installed";
  const message =
    `What RBAC cannot forbid to bootwarden's accounts and to kubelets is not forbidden: ${lacks.join(", ")}. ` +
    "Apply the manifests again.";
  return { reason: "PolicyMissing", message };
}

function lacksOf({ name, exists, binding }: SeenPolicy): string[] {
  const named = `ValidatingAdmissionPolicyBinding ${name}`;
  const policy = exists ? [] : [`ValidatingAdmissionPolicy ${name} is missing`];
  if (binding === null) return [...policy, `${named} is missing`];
  if (binding.policyName !== name) return [...policy, `${named} binds another policy`];
  if (!binding.denies) return [...policy, `${named} does not deny`];
  return binding.isNarrow ? [...policy, `${named} is narrowed by matchResources or parameters`] : policy;
}
