// The node claim: proof, inside the agent's token, that it is bound to a pod on this node.

import { Failure } from "../common/failure.ts";
import { z } from "../common/schema.ts";

/** The agent's credentials are not bound to its node. */
class NodeClaimError extends Failure {}

/** Claims of a bound token since Kubernetes 1.30 (KEP-4193): `kubernetes.io` holds namespace, pod, serviceaccount and node. */
const Payload = z.object({ "kubernetes.io": z.object({ node: z.object({ name: z.string() }) }) });

/**
 * Throws NodeClaimError (NoNodeClaim) unless the token says that it belongs to a pod on `nodeName`.
 * The token is only decoded here: who verifies it is the API server, and its admission policy compares the same claim. This check keeps an
 * agent that was installed without that policy from using a right it should not have.
 */
export function requireNodeClaim(token: string | undefined, nodeName: string): void {
  if (token === undefined) {
    throw refuse("The credentials are no ServiceAccount token, so nothing ties the agent to its node.");
  }
  const claimed = claimedNode(token);
  if (claimed === null)
    throw refuse("The token carries no node claim: it is not bound to a pod, or the cluster is too old.");
  if (claimed !== nodeName)
    throw refuse(`The token is bound to a pod on node ${claimed}, but NODE_NAME is ${nodeName}.`);
}

/** The node that a JSON Web Token is bound to; null for any other text. */
export function claimedNode(token: string): string | null {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    return Payload.safeParse(payload).data?.["kubernetes.io"].node.name ?? null;
  } catch {
    return null;
  }
}

function refuse(why: string): NodeClaimError {
  return new NodeClaimError(
    "NoNodeClaim",
    `${why} Nothing is written: run the agent as a DaemonSet on Kubernetes 1.30 or later.`,
  );
}
