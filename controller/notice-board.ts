// The notice board: what an admin should hear of a step that goes on, as one Event each, however often it is tried.
import type { Notice } from "./apply/context.ts";
import type { Tell } from "./cluster/event.ts";
import { aboutPolicy } from "./cluster/involved.ts";
import type { Policy } from "./cluster/policy-object.ts";
import type { Metrics } from "./metrics.ts";

export type Notify = (policy: Policy | undefined, notice: Notice) => void;

/** So many are remembered; an older one is told again. */
const remembered = 1_000;

/** Each notice is counted; the Event is not waited for by the transfer that it is about. */
export function createNoticeBoard({ tell, metrics }: { tell: Tell; metrics: Pick<Metrics, "notice"> }): Notify {
  const told = new Set<string>();
  return (policy, notice) => {
    metrics.notice(notice.reason);
    if (policy === undefined) return;
    const key = JSON.stringify([policy.uid, notice.reason, notice.message]);
    if (told.has(key)) return;
    told.add(key);
    for (const oldest of told) {
      if (told.size <= remembered) break;
      told.delete(oldest);
    }
    void tell(aboutPolicy(policy), notice);
  };
}
