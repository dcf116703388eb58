// The kubelets' status updates: each Node gets one every five minutes, whatever happens.
import { setInterval } from "node:timers/promises";
import type { Api } from "../api.ts";
import { nodeConditions } from "./node.ts";

/** What a kubelet of an idle node sends: its conditions with a new time, and nothing else. */
export async function updateStatus(api: Api, node: string): Promise<void> {
  const conditions = nodeConditions(new Date().toISOString().replace(/\.\d+/, ""));
  const patch = { status: { conditions } };
  await api.patch(`/api/v1/nodes/${node}/status?fieldManager=kubelet`, patch, "application/strategic-merge-patch+json");
}

/** Updates one Node after the other, so many a second in all, until the signal; resolves with how many there were. */
export async function keepUpdating(
  api: Api,
  nodes: readonly string[],
  { perSecond, signal }: { perSecond: number; signal: AbortSignal },
): Promise<number> {
  let updates = 0;
  const under = new Set<Promise<void>>();
  const begin = (node: string) => {
    const update = updateStatus(api, node)
      .catch(() => undefined)
      .finally(() => under.delete(update));
    under.add(update);
    updates += 1;
  };
  try {
    for await (const _ of setInterval(1000 / perSecond, undefined, { signal })) {
      const node = nodes[updates % nodes.length];
      if (node !== undefined) begin(node);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  await Promise.all(under);
  return updates;
}
