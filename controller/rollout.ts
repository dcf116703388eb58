// The rollout: templates made and MachineSets moved until they are at the target, vCenters side by side.
import { Bell } from "../common/bell.ts";
import { failureOf } from "../common/failure.ts";
import type { AdmissionWatch } from "./admission-watch.ts";
import type { RaiseAlarms } from "./alarm-bell.ts";
import { type Assessment, type Assessor, assess } from "./assessment.ts";
import { only } from "./cluster/cluster-state.ts";
import { alarms } from "./decide/alarms.ts";
import { dependents, isWanted, nextSteps, subjectOf } from "./decide/next-steps.ts";
import { type Plan, plan } from "./decide/plan.ts";
import type { MoveStep, Step } from "./decide/steps.ts";
import { createFailures, type Failed, type Failures } from "./failures.ts";
import { createMoves, type Moves } from "./moves.ts";
import type { Retirement } from "./retirement.ts";
import { createRunningSteps, type RunningStep, type RunningSteps, type RunningStepsParts } from "./running-steps.ts";
import type { Sweep } from "./sweep.ts";

export interface RolloutParts extends Assessor, Omit<RunningStepsParts, "ended"> {
  raise: RaiseAlarms;
  retirement: Retirement;
  admission: Pick<AdmissionWatch, "alarms">;
  sweep: Sweep;
  bell: Bell;
  /** Called after each look at cluster and vCenters. */
  assessed: (assessment: Assessment) => void;
  resync: number;
}

export interface RolloutState {
  assessment: Assessment;
  plan: Plan;
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
  moves: Moves;
  /** Rung when a step has ended, and there may be another to begin at once. */
  hurry: Bell;
}

/** Events come in swarms: one look serves all that came within this time, in milliseconds. */
const pace = 1_000;
/** A pod is killed 30 s after it was asked to stop, and sessions have to be closed, too. */
const lastOrders = 14_000;

export function createRollout(parts: RolloutParts): Rollout {
  const memory: Memory = { seen: null, failures: createFailures(), moves: createMoves(), hurry: new Bell() };
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
  const { failures, moves } = memory;
  // What ends while the vCenters are asked may be missing in their answers.
  const before = running.all().map(({ step }) => step);
  const assessment = await assess(parts, parts.vcenters);
  failures.concern(assessment.concern);
  const planned = plan({ ...assessment.planInput, failures: failures.known() });
  failures.keep(new Set(planned.steps.map(subjectOf)));
  memory.seen = { assessment, plan: planned };
  stopUnwanted(parts, running, memory.seen);
  parts.assessed(assessment);
  parts.changed();
  const present = alarms({ ...assessment, ...assessment.survey, machineSets: planned.machineSets });
  await parts.raise([...present, ...parts.retirement.alarms(), ...parts.admission.alarms()], assessment);
  // Whoever changed the policy meanwhile, perhaps to Observe, is heard first.
  if (only(parts.state.policies, "cluster")?.generation !== assessment.policy?.generation) return pace;
  const fresh = (step: Step) => step.kind === "Move" && moves.judge(step.machineSet, step.name) === "Fresh";
  const open = planned.steps.filter((step) => !fresh(step));
  const underway = { running: [...before, ...running.all().map(({ step }) => step)], resting: failures.resting };
  for (const step of nextSteps(open, underway)) begin(memory, running, { step, assessment });
  if (open.length < planned.steps.length) return pace;
  await parts.sweep.pass(assessment, [...underway.running, ...planned.steps]);
  await parts.retirement.pass(assessment, planned, underway.running);
  parts.changed();
  const waits = [
    failures.nextTry(),
    parts.sweep.nextTry(),
    parts.retirement.nextTry(),
    assessment.failed ? 10_000 : null,
  ];
  return Math.min(parts.resync, ...waits.filter((wait) => wait !== null));
}

/** A vCenter that does not answer says nothing about what is wanted of it. */
function stopUnwanted(
  { log }: RolloutParts,
  running: RunningSteps,
  { assessment, plan }: Omit<RolloutState, "running">,
) {
  const { vcenters, templates } = assessment.survey;
  const silent = new Set(vcenters.flatMap(({ server, failure }) => (failure === null ? [] : [server])));
  const wanted = { steps: plan.steps, templates, silent };
  const target = assessment.target.ok ? JSON.stringify(assessment.target.value) : null;
  for (const one of running.all()) {
    const sameImage = target === null || JSON.stringify(one.target) === target;
    if (sameImage && isWanted(one.step, wanted)) continue;
    const { kind, name, place } = one.step;
    log.info({ step: kind, template: name, place: place.label }, "A step is stopped: it is not asked for any more.");
    running.stop(one.step);
  }
}

function begin(
  { failures, moves, hurry }: Memory,
  running: RunningSteps,
  { step, assessment }: { step: Step; assessment: Assessment },
): void {
  if (
    step.kind === "Move" &&
    moves.judge(step.machineSet, step.name, { dead: isDead(step, assessment) }) === "Reverted"
  ) {
    failures.add([subjectOf(step)], reverted(step));
    hurry.ring();
  } else {
    running.begin(step, assessment);
  }
}

/** Whether the MachineSet names a template that does not exist: its next Machine would end Failed. */
function isDead({ machineSet }: MoveStep, { planInput }: Assessment): boolean {
  const now = planInput.machineSets.find(({ facts }) => facts.name === machineSet)?.templateNow;
  return now?.ok === true && !now.value.exists;
}

function reverted(step: Step): Failed {
  const who = "kubectl get machineset --show-managed-fields -o yaml tells who";
  return {
    reason: "MachineSetReverted",
    message: `It was pointed at ${step.name}, and somebody took that back (${who}): hold it, or mend its source.`,
  };
}

function ended(
  { bell, changed, signal }: RolloutParts,
  { failures, moves, seen, hurry }: Memory,
  { step, result }: { step: Step; result: Failed | "Success" | "Stopped" },
): void {
  changed();
  bell.ring();
  if (result === "Success") {
    failures.clear(subjectOf(step));
    if (step.kind === "Move") moves.made(step.machineSet, step.name);
  } else if (result !== "Stopped") {
    // The API server's news has not come yet: it comes within the pace.
    if (result.reason === "MachineSetChanged") return;
    if (!signal.aborted) failures.add([subjectOf(step), ...dependents(step, seen?.plan.steps ?? [])], result);
  }
  hurry.ring();
}
