// The planning: plans made with what is remembered of our moves, of who took them back, and of the brake.
import type { Assessment } from "./assessment.ts";
import { readMemory } from "./cluster/policy-memory.ts";
import type { Policy } from "./cluster/policy-object.ts";
import { brake, type RolloutMemory } from "./decide/brake.ts";
import type { ContestMemory } from "./decide/contest.ts";
import { type Plan, type PlanInput, plan } from "./decide/plan.ts";
import type { MoveStep } from "./decide/steps.ts";
import { movedMachineSets } from "./moved-machine-sets.ts";
import type { Newcomers } from "./newcomers.ts";

export interface Planned {
  plan: Plan;
  brake: RolloutMemory;
}

export interface Planning {
  make: (assessment: Assessment, failures: PlanInput["failures"]) => Planned;
  /** To be called when a MachineSet was moved. */
  moved: (step: MoveStep) => void;
  /** Milliseconds until another plan may come out of the same facts; null: never. */
  again: () => number | null;
}

interface Parts {
  newcomers: Newcomers;
  /** Milliseconds after the first revert of a move before it is tried again. */
  revertPause: number;
}

interface Memory {
  /** The uid of the policy whose status was read. */
  of: string | undefined;
  contests: Map<string, ContestMemory>;
  brake: RolloutMemory;
  again: number | null;
}

/** What is remembered stands in the policy's status too, and is read from there by the next controller. */
export function createPlanning({ newcomers, revertPause }: Parts): Planning {
  const memory: Memory = {
    of: undefined,
    contests: new Map(),
    brake: { halted: null, releasedAt: null },
    again: null,
  };
  return {
    make: (assessment, failures) => {
      const { policy, planInput } = assessment;
      recall(memory, policy);
      newcomers.look();
      if (policy !== undefined) memory.brake = braked(memory.brake, { assessment, policy, newcomers });
      const { contests, brake } = memory;
      const made = plan({ ...planInput, failures, contests, halted: brake.halted, revertPause });
      Object.assign(memory, { contests: made.contests, again: made.again });
      return { plan: made, brake };
    },
    moved: ({ machineSet, name }) => {
      const contested = memory.contests.get(machineSet)?.contested ?? null;
      memory.contests.set(machineSet, { moved: { template: name, at: new Date().toISOString() }, contested });
    },
    again: () => {
      const move = memory.again === null ? null : Math.max(100, memory.again - Date.now());
      const waits = [move, newcomers.nextDeadline()].filter((wait) => wait !== null);
      return waits.length === 0 ? null : Math.min(...waits);
    },
  };
}

function recall(memory: Memory, policy: Policy | undefined): void {
  if (policy === undefined || policy.uid === memory.of) return;
  const { contests, rollout } = readMemory(policy.status);
  // A policy that is made anew begins anew, but for the moves of a moment ago.
  Object.assign(memory, { of: policy.uid, contests: new Map([...memory.contests, ...contests]), brake: rollout });
}

function braked(
  memory: RolloutMemory,
  { assessment, policy, newcomers }: { assessment: Assessment; policy: Policy; newcomers: Newcomers },
): RolloutMemory {
  const { images, planInput } = assessment;
  const releases = new Set(images.map(({ release }) => release));
  const moved = movedMachineSets(planInput.machineSets, releases);
  return brake({
    memory,
    pauseOnFailure: policy.rollout.pauseOnFailure,
    generation: policy.generation,
    resumedAt: policy.resumedAt,
    machines: newcomers.of(releases, moved),
    moved,
    now: planInput.now,
  });
}
