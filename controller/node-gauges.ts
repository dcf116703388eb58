// The gauges of Nodes: one series for each that has a verdict, and how many have which.
import type { Gauge } from "prom-client";
import type { Verdict } from "./decide/verdict.ts";

/** `one` has the labels node, verdict and reason, `count` the label verdict. */
export function nodeGauges(one: Gauge, count: Gauge): (verdicts: ReadonlyMap<string, Verdict>) => void {
  let served = new Map<string, { node: string; verdict: string; reason: string }>();
  return (verdicts) => {
    const next: typeof served = new Map();
    const counts = new Map(["Verified", "Updating", "Mismatch", "Unknown"].map((verdict) => [verdict, 0]));
    for (const [node, { verdict, reason }] of verdicts) {
      if (verdict === null) continue;
      const before = served.get(node);
      const same = before?.verdict === verdict && before.reason === reason;
      next.set(node, same ? before : { node, verdict, reason });
      counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    }
    // What did not change is left alone: with thousands of Nodes it would be most of the work.
    for (const [node, labels] of served) if (next.get(node) !== labels) one.remove(labels);
    for (const [node, labels] of next) if (served.get(node) !== labels) one.set(labels, 1);
    for (const [verdict, nodes] of counts) count.set({ verdict }, nodes);
    served = next;
  };
}
