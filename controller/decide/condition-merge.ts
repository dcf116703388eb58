// The merge of new findings into the conditions that stand in the status.
import type { Finding } from "./conditions.ts";

export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  /** RFC 3339. */
  lastTransitionTime: string;
  observedGeneration?: number | undefined;
}

/**
 * The previous conditions with the findings in their place: `lastTransitionTime` moves only when the status does, and
 * conditions of other types stay. Equal input gives equal output, so nothing is written when nothing changed.
 */
export function mergeConditions(
  previous: readonly Condition[],
  found: readonly Finding[],
  { now, observedGeneration }: { now: string; observedGeneration: number },
): Condition[] {
  const merged = found.map((finding): Condition => {
    const old = previous.find(({ type }) => type === finding.type);
    const lastTransitionTime = old?.status === finding.status ? old.lastTransitionTime : now;
    return { ...finding, lastTransitionTime, observedGeneration };
  });
  const types = new Set<string>(found.map(({ type }) => type));
  return [...merged, ...previous.filter(({ type }) => !types.has(type))];
}
