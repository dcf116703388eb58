// The sweep: removes what killed imports and clones left, when no step does it any more.
import { deadline } from "../common/deadline.ts";
import { failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import { sweepLeftover } from "./apply/leftovers.ts";
import type { Assessment } from "./assessment.ts";
import type { ClusterState } from "./cluster/cluster-state.ts";
import { watchedReferrers } from "./cluster/referrers.ts";
import { leftovers } from "./decide/leftovers.ts";
import type { Step } from "./decide/steps.ts";
import { templateReferences } from "./decide/template-reference.ts";
import { createFailures } from "./failures.ts";
import type { OurTemplate } from "./findings.ts";
import type { VCenters } from "./vcenters.ts";

/** Milliseconds for one leftover: nothing else begins meanwhile. */
const patience = 30_000;

export interface SweepParts {
  state: ClusterState;
  vcenters: Pick<VCenters, "use">;
  log: Log;
  signal: AbortSignal;
}

export interface Sweep {
  /** Tries each leftover once; `steps`: those that are planned or being taken. A failure (it may be locked) is logged, and rests. */
  pass: (assessment: Assessment, steps: readonly Step[]) => Promise<void>;
  /** Milliseconds until a failed removal is rested; null when none rests. */
  nextTry: () => number | null;
}

export function createSweep(parts: SweepParts): Sweep {
  const failures = createFailures();
  return {
    nextTry: failures.nextTry,
    pass: async (assessment, steps) => {
      const due = dueIn(parts, assessment, steps);
      failures.keep(new Set(due.map(subjectOf)));
      for (const leftover of due) {
        const subject = subjectOf(leftover);
        if (parts.signal.aborted || failures.resting(subject)) continue;
        try {
          await sweep(parts, assessment, leftover);
          failures.clear(subject);
        } catch (thrown) {
          const { reason, message } = failureOf(thrown);
          failures.add([subject], { reason, message });
          const fields = { server: leftover.server, path: leftover.path, reason };
          if (!parts.signal.aborted)
            parts.log.warn(fields, `A leftover of ours could not be removed: it is tried again. ${message}`);
        }
      }
    },
  };
}

function dueIn({ state }: SweepParts, { planInput, survey }: Assessment, steps: readonly Step[]): OurTemplate[] {
  const silent = survey.vcenters.flatMap(({ server, failure }) => (failure === null ? [] : [server]));
  const referrers = watchedReferrers(state);
  return leftovers({
    mode: planInput.mode,
    templates: survey.ours,
    references: templateReferences(referrers),
    unread: referrers.unread,
    busy: new Set([...steps.map(({ place }) => place.server), ...silent]),
  });
}

function subjectOf({ server, path }: OurTemplate): string {
  return `${server} ${path}`;
}

/** vCenter is asked about it once more, right before it goes. */
async function sweep(
  { vcenters, signal }: SweepParts,
  { policy, owner }: Assessment,
  leftover: OurTemplate,
): Promise<void> {
  await vcenters.use(leftover.server, policy, (session) =>
    sweepLeftover(session.under(deadline(signal, patience)), leftover.reference, owner),
  );
}
