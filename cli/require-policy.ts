// The policy, where a command cannot do without: why there is none, and how to come by one.
import { Failure } from "../common/failure.ts";
import type { Api } from "./kube/api.ts";
import { fullName, resources } from "./kube/resource.ts";
import { type PolicyFacts, type PolicyStatus, policyName, readPolicy } from "./read-policy.ts";

/** PolicyAbsent or StatusAbsent; `commands` mend it. */
export class PolicyError extends Failure {
  readonly commands: readonly string[];

  constructor(reason: "PolicyAbsent" | "StatusAbsent", message: string, commands: readonly string[]) {
    super(reason, message);
    this.commands = commands;
  }
}

const first = { apiVersion: "bootwarden.io/v1alpha1", kind: "BootImagePolicy", metadata: { name: policyName } };

/** Throws PolicyError, RightMissing and ApiError. */
export async function requirePolicy(api: Api): Promise<PolicyFacts> {
  const policy = await readPolicy(api);
  if (policy !== null) return policy;
  const observe = `echo '${JSON.stringify({ ...first, spec: { mode: "Observe" } })}' | kubectl apply -f -`;
  if (await api.serves(resources.policies)) {
    const message = `There is no BootImagePolicy ${policyName}, so bootwarden does nothing yet. Begin in mode Observe, which changes nothing:`;
    throw new PolicyError("PolicyAbsent", message, [observe]);
  }
  const message = `bootwarden is not installed in this cluster, which knows no ${fullName(resources.policies)}. Install it, then begin in mode Observe:`;
  throw new PolicyError("PolicyAbsent", message, ["kubectl apply -k manifests/base", observe]);
}

/** Throws PolicyError where the controller has written none. */
export function requireStatus({ status }: PolicyFacts): PolicyStatus {
  if (status !== null) return status;
  const commands = [
    "kubectl -n bootwarden get pods",
    "kubectl -n bootwarden logs deployment/bootwarden-controller --tail=20",
  ];
  throw new PolicyError(
    "StatusAbsent",
    "The controller has not written the policy's status yet. See whether it runs:",
    commands,
  );
}
