// The memory in the policy's status: what the next controller must know of the moves and the brake of the one before.
import { z } from "zod";
import type { RolloutMemory } from "../decide/brake.ts";
import type { ContestMemory } from "../decide/contest.ts";
import { Time } from "./metadata.ts";

export interface PolicyMemory {
  /** By MachineSet. */
  contests: Map<string, ContestMemory>;
  rollout: RolloutMemory;
}

const MachineSet = z.object({
  name: z.string(),
  moved: z.object({ template: z.string(), at: Time }).optional().catch(undefined),
  contested: z.object({ times: z.number().int(), manager: z.string(), last: Time }).optional().catch(undefined),
});
const Halted = z.object({
  reason: z.enum(["NewMachineFailed", "NotInTime", "NewMachineMismatch"]),
  message: z.string(),
  machine: z.string(),
  machineSet: z.string(),
  template: z.string(),
  since: Time,
  generation: z.number(),
  moved: z.array(z.object({ machineSet: z.string(), template: z.string(), previousTemplate: z.string() })).default([]),
});
const Remembered = z.object({
  machineSets: z.array(MachineSet).catch([]),
  rollout: z
    .object({ halted: Halted.optional().catch(undefined), releasedAt: Time.optional().catch(undefined) })
    .catch({}),
});

/** A status that somebody has spoilt says nothing: what cannot be read is forgotten. */
export function readMemory(status: unknown): PolicyMemory {
  const { machineSets, rollout } = Remembered.safeParse(status).data ?? { machineSets: [], rollout: {} };
  return {
    contests: new Map(
      machineSets.map(({ name, moved, contested }) => [name, { moved: moved ?? null, contested: contested ?? null }]),
    ),
    rollout: { halted: rollout.halted ?? null, releasedAt: rollout.releasedAt ?? null },
  };
}
