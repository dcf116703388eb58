// The node claim: the API server's word that the agent's credentials are bound to a pod on this node.
import { Failure } from "../common/failure.ts";
import type { KubeApi } from "../common/kube/request.ts";
import { z } from "../common/schema.ts";

/** The agent's credentials are not bound to its node. */
class NodeClaimError extends Failure {}

/** Of a bound token since Kubernetes 1.30 (KEP-4193); the admission policy of the agent compares the same. */
const claim = "authentication.kubernetes.io/node-name";
const Review = z.object({
  status: z.object({ userInfo: z.object({ extra: z.optional(z.record(z.string(), z.array(z.string()))) }) }),
});

/**
 * Asks who the agent is. Throws NodeClaimError (NoNodeClaim) unless that is a pod on `nodeName`, and ApiError. An API server that makes no such
 * claims cannot hold an agent to its node: there the agent does not use a right that it should not have.
 */
export async function requireNodeClaim(api: KubeApi, nodeName: string, signal: AbortSignal): Promise<void> {
  const value = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  const answer = await api.call({ method: "POST", path, body: { type: "application/json", value }, signal });
  const claimed = claimedNode(answer);
  if (claimed === null) throw refuse("The API server sees no node in the agent's credentials.");
  if (claimed !== nodeName)
    throw refuse(`The agent's credentials are of a pod on node ${claimed}, but NODE_NAME is ${nodeName}.`);
}

/** The one node that a SelfSubjectReview names; null for any other answer. */
export function claimedNode(answer: unknown): string | null {
  const [name, ...others] = Review.safeParse(answer).data?.status.userInfo.extra?.[claim] ?? [];
  return name === undefined || others.length > 0 ? null : name;
}

function refuse(why: string): NodeClaimError {
  const remedy = "Nothing is written: run the agent as a DaemonSet on Kubernetes 1.30 or later.";
  return new NodeClaimError("NoNodeClaim", `${why} ${remedy}`);
}
