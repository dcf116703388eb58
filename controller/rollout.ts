// The rollout: templates made and MachineSets moved until they are at the target, one step after the other.
import type { Bell } from "../common/bell.ts";
import { failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import type { RaiseAlarms } from "./alarm-bell.ts";
import type { Progress } from "./apply/context.ts";
import { type Assessment, type Assessor, assess, namedBy } from "./assessment.ts";
import type { Tell } from "./cluster/event.ts";
import type { Kube } from "./cluster/kube.ts";
import type { MachineObject } from "./cluster/machine-objects.ts";
import { alarms } from "./decide/alarms.ts";
import type { MachineTemplate } from "./decide/boot-image-check.ts";
import { type Plan, plan } from "./decide/plan.ts";
import type { Step } from "./decide/steps.ts";
import { createFailures, type Failed, type Failures } from "./failures.ts";
import type { Metrics } from "./metrics.ts";
import { takeStep } from "./step.ts";
import type { Survey } from "./survey.ts";
import type { VCenters } from "./vcenters.ts";

export interface RolloutParts extends Assessor {
  kube: Kube;
  vcenters: VCenters;
  tell: Tell;
  raise: RaiseAlarms;
  metrics: Metrics;
  log: Log;
  bell: Bell;
  /** Called after each change of what `now` gives. */
  changed: () => void;
  resync: number;
  signal: AbortSignal;
}

export interface RolloutState {
  assessment: Assessment;
  plan: Plan;
  /** The step that is being taken, and how far it is. */
  current: { step: Step; progress: Progress | null } | null;
}

export interface Rollout {
  now: () => RolloutState | null;
  templateOf: (machine: MachineObject) => MachineTemplate | null;
  run: () => Promise<void>;
}

export function createRollout(parts: RolloutParts): Rollout {
  const failures = createFailures();
  let state: RolloutState | null = null;
  let survey: Survey | null = null;
  const show = (next: RolloutState) => {
    state = next;
    survey = next.assessment.survey;
    parts.changed();
  };
  const run = async () => {
    let again = 0;
    while (!parts.signal.aborted) {
      await parts.bell.heard(parts.signal, again);
      if (parts.signal.aborted) return;
      again = await pass(parts, failures, show).catch((error: unknown) => {
        if (!parts.signal.aborted) parts.log.error(failureOf(error), "the pass over the templates failed; tried again");
        return 5_000;
      });
    }
  };
  return {
    now: () => state,
    templateOf: (machine) => {
      const named = namedBy(machine.provider);
      return named === null ? null : (survey?.machineTemplate(named) ?? null);
    },
    run,
  };
}

/** Looks, plans, and takes the steps of the plan; resolves with the milliseconds after which to do it again. */
async function pass(parts: RolloutParts, failures: Failures, show: (state: RolloutState) => void): Promise<number> {
  if (!parts.state.synced()) return 200;
  const assessment = await assess(parts, parts.vcenters);
  failures.concern(assessment.concern);
  const account = async () => {
    const planned = plan({ ...assessment.planInput, failures: failures.known() });
    show({ assessment, plan: planned, current: null });
    const present = alarms({ ...assessment, machineSets: planned.machineSets, vcenters: assessment.survey.vcenters });
    await parts.raise(present, assessment);
    return planned.steps;
  };
  const steps = await account();
  failures.keep(new Set(steps.map(subjectOf)));
  const failed = new Set<string>();
  for (const step of steps) {
    if (parts.signal.aborted || failed.has(step.place.key)) continue;
    if (failures.resting(subjectOf(step))) {
      failed.add(subjectOf(step));
      continue;
    }
    const failure = await attempt(parts, { assessment, step, show });
    for (const subject of [subjectOf(step), ...dependents(step, steps)]) {
      if (failure === undefined) failures.clear(subject);
      else failures.add(subject, failure);
      if (failure !== undefined) failed.add(subject);
    }
    if (!parts.signal.aborted) await account();
  }
  if (steps.length > 0 && failed.size === 0) parts.bell.ring();
  return Math.min(parts.resync, failures.nextTry() ?? parts.resync, assessment.failed ? 10_000 : parts.resync);
}

interface Attempt {
  assessment: Assessment;
  step: Step;
  show: (state: RolloutState) => void;
}

/** Takes one step; resolves with what it failed of. */
async function attempt(parts: RolloutParts, { assessment, step, show }: Attempt): Promise<Failed | undefined> {
  const planned = plan({ ...assessment.planInput, failures: new Map() });
  show({ assessment, plan: planned, current: { step, progress: null } });
  const stop = parts.metrics.startStep(step.kind, step.place.server);
  try {
    await takeStep({ ...parts, assessment }, step, (progress) => {
      parts.metrics.progress(step.place.server, progress);
      show({ assessment, plan: planned, current: { step, progress } });
    });
    stop("Success");
    return undefined;
  } catch (error) {
    const failure = failureOf(error);
    stop(failure.reason);
    if (failure.reason === "SessionLost") await parts.vcenters.drop(step.place.server);
    const about = { step: step.kind, template: step.name, place: step.place.label };
    if (!parts.signal.aborted) parts.log.error({ ...about, reason: failure.reason }, failure.message);
    return failure;
  }
}

/** What a failure is remembered by: the place for its template, the MachineSet for its move. */
function subjectOf(step: Step): string {
  return step.kind === "Move" ? step.machineSet : step.place.key;
}

/** The places whose templates are cloned from the one that an import makes: they fail with it. */
function dependents(step: Step, steps: readonly Step[]): string[] {
  if (step.kind !== "Import") return [];
  return steps.flatMap((other) => (other.kind === "Clone" && other.from.name === step.name ? [other.place.key] : []));
}
