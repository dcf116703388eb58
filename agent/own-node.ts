// The own Node: the one object of the cluster that the agent reads and writes.
import { agentName } from "../common/annotations.ts";
import { Failure } from "../common/failure.ts";
import { ApiError, type KubeApi } from "../common/kube/request.ts";
import { z } from "../common/schema.ts";
import type { Annotations } from "./annotations.ts";
import { requireNodeClaim } from "./node-claim.ts";

/** The agent's own Node is not there, or may not be written. */
class OwnNodeError extends Failure {}

export interface OwnNode {
  /** The Node's annotations, of everybody. */
  read: (signal: AbortSignal) => Promise<Record<string, string>>;
  /** Writes these keys and no other; returns the annotations as they are then. */
  write: (annotations: Annotations, signal: AbortSignal) => Promise<Record<string, string>>;
}

const Node = z.object({ metadata: z.object({ annotations: z.optional(z.record(z.string(), z.string())) }) });

/**
 * Both throw NodeClaimError before the Node is asked for, ApiError, or OwnNodeError (NodeMissing; NodeWriteRefused with the API server's words).
 * A merge patch, not server-side apply: it cannot create a Node that was deleted. It names no resourceVersion: the keys are nobody else's.
 */
export function ownNode(api: KubeApi, nodeName: string): OwnNode {
  const path = `/api/v1/nodes/${encodeURIComponent(nodeName)}`;
  let isClaimed = false;
  const guarded = async (call: Parameters<KubeApi["call"]>[0]): Promise<Record<string, string>> => {
    // Once: the kubelet renews the token, and that of the same pod.
    if (!isClaimed) await requireNodeClaim(api, nodeName, call.signal);
    isClaimed = true;
    const answer = await api.call(call).catch((error: unknown) => {
      throw ownNodeError(error, call.method, nodeName);
    });
    const node = Node.safeParse(answer);
    if (node.success) return node.data.metadata.annotations ?? {};
    throw new ApiError("ApiAnswerUnreadable", 200, { message: `${call.method} ${path}: the answer is no Node.` });
  };
  return {
    read: (signal) => guarded({ method: "GET", path, signal }),
    write: (annotations, signal) => {
      const body = { type: "application/merge-patch+json", value: { metadata: { annotations } } };
      return guarded({ method: "PATCH", path: `${path}?fieldManager=${agentName}`, body, signal });
    },
  };
}

function ownNodeError(error: unknown, method: string, nodeName: string): unknown {
  if (!(error instanceof ApiError)) return error;
  if (error.status === 404) {
    return new OwnNodeError("NodeMissing", `There is no Node ${nodeName}: check NODE_NAME.`, { cause: error });
  }
  const refused = method === "PATCH" && (error.status === 403 || error.status === 422);
  return refused ? new OwnNodeError("NodeWriteRefused", error.message, { cause: error }) : error;
}
