// The rollout: templates made and MachineSets moved until they are at the target, vCenters side by side.
import { Bell } from "../common/bell.ts";
import { failureOf } from "../common/failure.ts";
import type { AdmissionWatch } from "./admission-watch.ts";
import type { RaiseAlarms } from "./alarm-bell.ts";
import { type Assessment, type Assessor, assess } from "./assessment.ts";
import { only } from "./cluster/cluster-state.ts";
import { alarms } from "./decide/alarms.ts";
import { dependents, isWanted, nextSteps, subjectOf } from "./decide/next-steps.ts";
import type { Step } from "./decide/steps.ts";
import { createFailures, type Failed, type Failures } from "./failures.ts";
import type { Newcomers } from "./newcomers.ts";
import { createPlanning, type Planned, type Planning } from "./planning.ts";
import type { Retirement } from "./retirement.ts";
import { createRunningSteps, type RunningStep, type RunningSteps, type RunningStepsParts } from "./running-steps.ts";
import type { Sweep } from "./sweep.ts";

export interface RolloutParts extends Assessor, Omit<RunningStepsParts, "ended"> {
  raise: RaiseAlarms;
  retirement: Retirement;
  admission: Pick<AdmissionWatch, "alarms">;
  newcomers: Newcomers;
  sweep: Sweep;
  bell: Bell;
  /** Called after each look at cluster and vCenters. */
  assessed: (assessment: Assessment) => void;
  resync: number;
  /** Milliseconds after the first revert of a move before it is tried again. */
  revertPause: number;
}

export interface RolloutState extends Planned {
  assessment: Assessment;
  /** The steps that are being taken, and how far they are. */
  running: readonly RunningStep[];
}

export interface Rollout {
  now: () => RolloutState | null;
  /** Until the signal, and then until the steps have ended in order. */
  run: () => Promise<void>;
}

interface Memory {
  seen: Omit<RolloutState, "running"> | null;
  failures: Failures;
  planning: Planning;
  /** Rung when a step has ended, and there may be another to begin at once. */
  hurry: Bell;
}

/** Events come in swarms: one look serves all that came within this time, in milliseconds. */
const pace = 1_000;
/** A pod is killed 30 s after it was asked to stop, and sessions have to be closed, too. */
const lastOrders = 14_000;

export function createRollout(parts: RolloutParts): Rollout {
  const memory: Memory = {
    seen: null,
    failures: createFailures(),
    planning: createPlanning(parts),
    hurry: new Bell(),
  };
  const running = createRunningSteps({ ...parts, ended: (step, result) => ended(parts, memory, { step, result }) });
  const run = async () => {
    let again = 0;
    while (!parts.signal.aborted) {
      await rest(parts, memory.hurry, again);
      if (parts.signal.aborted) break;
      again = await pass(parts, memory, running).catch((error: unknown) => {
        if (!parts.signal.aborted) parts.log.error(failureOf(error), "The pass over the templates failed.");
        return 5_000;
      });
    }
    await running.over(lastOrders);
  };
  return { now: () => (memory.seen === null ? null : { ...memory.seen, running: running.all() }), run };
}

/** Waits for an event, or for `again` milliseconds; the end of a step is not made to wait for a swarm to pass. */
async function rest({ bell, signal }: RolloutParts, hurry: Bell, again: number): Promise<void> {
  if (again > 0 && !(await hurry.heard(signal, Math.min(again, pace)))) {
    await bell.heard(signal, Math.max(0, again - pace));
  }
  hurry.clear();
  bell.clear();
}

/**
 * Looks, plans, stops what is not wanted any more, and begins what may begin: whatever was said meanwhile, by an admin or by the
 * cluster, is seen before anything new. Resolves with the milliseconds after which to do it again.
 */
async function pass(parts: RolloutParts, memory: Memory, running: RunningSteps): Promise<number> {
  if (!parts.state.synced()) return 200;
  const { failures, planning } = memory;
  // What ends while the vCenters are asked may be missing in their answers.
  const before = running.all().map(({ step }) => step);
  const assessment = await assess(parts, parts.vcenters);
  failures.concern(assessment.concern);
  const made = planning.make(assessment, failures.known());
  const { plan: planned } = made;
  failures.keep(new Set(planned.steps.map(subjectOf)));
  memory.seen = { assessment, ...made };
  stopUnwanted(parts, running, memory.seen);
  parts.assessed(assessment);
  parts.changed();
  await raise(parts, memory.seen);
  // Whoever changed the policy meanwhile, perhaps to Observe, is heard first.
  if (only(parts.state.policies, "cluster")?.generation !== assessment.policy?.generation) return pace;
  const underway = { running: [...before, ...running.all().map(({ step }) => step)], resting: failures.resting };
  for (const step of nextSteps(planned.steps, underway)) running.begin(step, assessment);
  await parts.sweep.pass(assessment, [...underway.running, ...planned.steps]);
  await parts.retirement.pass(assessment, planned, underway.running);
  parts.changed();
  const waits = [
    failures.nextTry(),
    planning.again(),
    parts.sweep.nextTry(),
    parts.retirement.nextTry(),
    assessment.failed ? 10_000 : null,
  ];
  return Math.min(parts.resync, ...waits.filter((wait) => wait !== null));
}

async function raise(parts: RolloutParts, { assessment, plan, brake }: Omit<RolloutState, "running">): Promise<void> {
  const { machineSets } = plan;
  const { admission, newcomers, retirement, state } = parts;
  const present = alarms({ ...assessment, ...assessment.survey, machineSets, halted: brake.halted });
  const all = [...present, ...retirement.alarms(), ...admission.alarms(), ...newcomers.alarms()];
  await parts.raise(all, { ...assessment, machines: [...state.machines.items.values()] });
}

/** A vCenter that does not answer says nothing about what is wanted of it. */
function stopUnwanted(
  { log }: RolloutParts,
  running: RunningSteps,
  { assessment, plan }: Omit<RolloutState, "running">,
) {
  const { vcenters, templates } = assessment.survey;
  const silent = new Set(vcenters.flatMap(({ server, failure }) => (failure === null ? [] : [server])));
  const wanted = { steps: plan.steps, templates, silent, images: assessment.images };
  for (const one of running.all()) {
    if (isWanted(one.step, wanted)) continue;
    const { kind, name, place } = one.step;
    log.info({ step: kind, template: name, place: place.label }, "A step is stopped: it is not asked for any more.");
    running.stop(one.step);
  }
}

function ended(
  { bell, changed, signal }: RolloutParts,
  { failures, planning, seen, hurry }: Memory,
  { step, result }: { step: Step; result: Failed | "Success" | "Stopped" },
): void {
  changed();
  bell.ring();
  if (result === "Success") {
    failures.clear(subjectOf(step));
    if (step.kind === "Move") planning.moved(step);
  } else if (result !== "Stopped") {
    // The API server's news has not come yet: it comes within the pace.
    if (result.reason === "MachineSetChanged") return;
    if (!signal.aborted) failures.add([subjectOf(step), ...dependents(step, seen?.plan.steps ?? [])], result);
  }
  hurry.ring();
}
