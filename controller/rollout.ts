// The rollout: templates made and MachineSets moved until they are at the target, one step after the other.
import type { Bell } from "../common/bell.ts";
import { pause } from "../common/deadline.ts";
import { failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import type { RaiseAlarms } from "./alarm-bell.ts";
import type { Progress } from "./apply/context.ts";
import { type Assessment, type Assessor, assess } from "./assessment.ts";
import type { Tell } from "./cluster/event.ts";
import type { Kube } from "./cluster/kube.ts";
import { alarms } from "./decide/alarms.ts";
import { dependents, nextStep, subjectOf } from "./decide/next-step.ts";
import { type Plan, plan } from "./decide/plan.ts";
import type { Step } from "./decide/steps.ts";
import { createFailures, type Failed, type Failures } from "./failures.ts";
import type { Metrics } from "./metrics.ts";
import { createMoves, type Moves } from "./moves.ts";
import { takeStep } from "./step.ts";
import type { VCenters } from "./vcenters.ts";

export interface RolloutParts extends Assessor {
  kube: Kube;
  vcenters: VCenters;
  tell: Tell;
  raise: RaiseAlarms;
  metrics: Metrics;
  log: Log;
  bell: Bell;
  /** Called after each look at cluster and vCenters. */
  assessed: (assessment: Assessment) => void;
  /** Called after each change of what `now` gives, several times a second while a step gets on. */
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
  run: () => Promise<void>;
}

interface Memory {
  state: RolloutState | null;
  failures: Failures;
  moves: Moves;
}

/** Events come in swarms: one look serves all that came within this time, in milliseconds. */
const pace = 1_000;

export function createRollout(parts: RolloutParts): Rollout {
  const memory: Memory = { state: null, failures: createFailures(), moves: createMoves() };
  const run = async () => {
    let again = 0;
    while (!parts.signal.aborted) {
      if (again > 0) await pause(parts.signal, Math.min(again, pace));
      await parts.bell.heard(parts.signal, Math.max(0, again - pace));
      if (parts.signal.aborted) return;
      again = await pass(parts, memory).catch((error: unknown) => {
        if (!parts.signal.aborted) parts.log.error(failureOf(error), "The pass over the templates failed.");
        return 5_000;
      });
    }
  };
  return { now: () => memory.state, run };
}

/**
 * Looks, plans, and takes one step: whatever was said meanwhile, by an admin or by the cluster, is seen before the
 * next. Resolves with the milliseconds after which to do it again.
 */
async function pass(parts: RolloutParts, memory: Memory): Promise<number> {
  if (!parts.state.synced()) return 200;
  const { failures } = memory;
  const assessment = await assess(parts, parts.vcenters);
  failures.concern(assessment.concern);
  const planned = plan({ ...assessment.planInput, failures: failures.known() });
  failures.keep(new Set(planned.steps.map(subjectOf)));
  memory.state = { assessment, plan: planned, current: null };
  parts.assessed(assessment);
  parts.changed();
  const present = alarms({ ...assessment, machineSets: planned.machineSets, vcenters: assessment.survey.vcenters });
  await parts.raise(present, assessment);
  const step = nextStep(planned.steps, failures.resting);
  if (step !== null) return await take(parts, memory, { assessment, plan: planned, current: { step, progress: null } });
  return Math.min(parts.resync, failures.nextTry() ?? parts.resync, assessment.failed ? 10_000 : parts.resync);
}

interface Taking extends RolloutState {
  current: NonNullable<RolloutState["current"]>;
}

/** Takes the step; resolves with the milliseconds after which to look again. */
async function take(parts: RolloutParts, memory: Memory, taking: Taking): Promise<number> {
  const { failures, moves } = memory;
  const { step } = taking.current;
  const past = step.kind === "Move" ? moves.judge(step.machineSet, step.name) : "Free";
  if (past === "Fresh") return pace;
  const failure = past === "Reverted" ? reverted(step) : await attempt(parts, memory, taking);
  if (failure?.reason === "MachineSetChanged") return pace;
  if (failure !== undefined) failures.add([subjectOf(step), ...dependents(step, taking.plan.steps)], failure);
  else {
    failures.clear(subjectOf(step));
    if (step.kind === "Move") moves.made(step.machineSet, step.name);
  }
  return 0;
}

function reverted(step: Step): Failed {
  const who = "kubectl get machineset --show-managed-fields -o yaml tells who";
  return {
    reason: "MachineSetReverted",
    message: `It was pointed at ${step.name}, and somebody took that back (${who}): hold it, or mend its source.`,
  };
}

/** Resolves with what the step failed of. */
async function attempt(
  parts: RolloutParts,
  memory: Pick<Memory, "state">,
  { assessment, plan: planned, current: { step } }: Taking,
): Promise<Failed | undefined> {
  const show = (progress: Progress | null) => {
    memory.state = { assessment, plan: planned, current: { step, progress } };
    parts.changed();
  };
  show(null);
  const stop = parts.metrics.startStep(step.kind, step.place.server);
  try {
    await takeStep({ ...parts, assessment }, step, (progress) => {
      parts.metrics.progress(step.place.server, progress);
      show(progress);
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
