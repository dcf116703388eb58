// The kubelets' status updates: each Node gets one every five minutes, whatever happens.
import { setInterval } from "node:timers/promises";
import type { Api } from "../api.ts";
import { LabError } from "../lab-error.ts";
import { nodeConditions } from "./node.ts";

/** What a kubelet of an idle node sends: its conditions with a new time, and nothing else. */
export async function updateStatus(api: Api, node: string): Promise<void> {
  const conditions = nodeConditions(new Date().toISOString().replace(/\.\d+/, ""));
  const patch = { status: { conditions } };
  await api.patch(`/api/v1/nodes/${node}/status?fieldManager=kubelet`, patch, "application/strategic-merge-patch+json");
}

interface Updates {
  /** What so many kubelets would have sent in the time. */
  intended: number;
  /** What the API server took. */
  arrived: number;
  /** The last error of those that it did not take. */
  failure: unknown;
}

/** Updates one Node after the other, so many a second in all, until the signal; what was late is made up for. */
export async function keepUpdating(
  update: (node: string) => Promise<void>,
  nodes: readonly string[],
  { perSecond, signal }: { perSecond: number; signal: AbortSignal },
): Promise<Updates> {
  const updates: Updates = { intended: 0, arrived: 0, failure: undefined };
  const under = new Set<Promise<void>>();
  const sent = async (node: string) => {
    try {
      await update(node);
      updates.arrived += 1;
    } catch (error) {
      updates.failure = error;
    }
  };
  const begin = (node: string) => {
    const one = sent(node).finally(() => under.delete(one));
    under.add(one);
  };
  const since = performance.now();
  const due = () => Math.floor(((performance.now() - since) / 1000) * perSecond);
  let begun = 0;
  try {
    for await (const _ of setInterval(1000 / perSecond, undefined, { signal }))
      for (const now = due(); begun < now; begun += 1) begin(nodes[begun % nodes.length] ?? "");
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  updates.intended = due();
  await Promise.all(under);
  return updates;
}

/** Throws where fewer than nine of ten arrived: what was measured then was measured without kubelets. */
export function requireUpdates({ intended, arrived, failure }: Updates): void {
  if (arrived >= intended * 0.9 && arrived > 0) return;
  throw new LabError(`Only ${arrived} of ${intended} status updates arrived.`, { cause: failure });
}
