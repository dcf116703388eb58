// The brake: when the first Machine of a new template goes wrong, no further MachineSet is moved until a person says so.
import type { Reason } from "../../common/reasons.ts";
import type { Outcome } from "./newcomer.ts";

/** A Machine that was made from a template of ours with the target's release. */
export interface NewMachine {
  name: string;
  machineSet: string;
  /** What tells its template from others. */
  templateKey: string;
  /** As the Machine names it. */
  template: string;
  /** RFC 3339. */
  createdAt: string;
  outcome: Outcome;
  /** The Machine's own error, or the verdict's message; "" where there is none. */
  why: string;
}

export interface MovedMachineSet {
  machineSet: string;
  template: string;
  previousTemplate: string;
}

export interface Halt {
  reason: Reason;
  message: string;
  machine: string;
  machineSet: string;
  template: string;
  /** RFC 3339. */
  since: string;
  /** The policy's generation then: a change of its spec releases the brake. */
  generation: number;
  /** What was moved until then, and the way back of each. */
  moved: MovedMachineSet[];
}

/** The policy's `status.rollout`: all that the brake remembers. */
export interface RolloutMemory {
  halted: Halt | null;
  /** RFC 3339: Machines that were created before are not looked at again. */
  releasedAt: string | null;
}

export interface BrakeInput {
  memory: RolloutMemory;
  pauseOnFailure: boolean;
  generation: number;
  /** RFC 3339, from the annotation of the policy; null where there is none. */
  resumedAt: string | null;
  machines: readonly NewMachine[];
  moved: readonly MovedMachineSet[];
  /** Milliseconds since the epoch. */
  now: number;
}

const words: Partial<Record<Outcome, { reason: Reason; ended: string }>> = {
  Failed: { reason: "NewMachineFailed", ended: "ended Failed" },
  NotInTime: { reason: "NotInTime", ended: "did not become a Verified node in time" },
  Mismatch: { reason: "NewMachineMismatch", ended: "became a node that does not run what it should" },
};

/** A change of the policy's spec, or a person, releases it; then the first Machine created after that is looked at. */
export function brake(input: BrakeInput): RolloutMemory {
  const { memory, pauseOnFailure, generation, resumedAt, now } = input;
  const { halted } = memory;
  if (halted === null) {
    const next = pauseOnFailure ? haltOf(input) : null;
    return next === null ? memory : { ...memory, halted: next };
  }
  const resumed = resumedAt !== null && Date.parse(resumedAt) >= Date.parse(halted.since);
  if (pauseOnFailure && generation === halted.generation && !resumed) return memory;
  return { halted: null, releasedAt: new Date(now).toISOString() };
}

function haltOf({ memory, machines, moved, generation, now }: BrakeInput): Halt | null {
  const released = memory.releasedAt === null ? Number.NEGATIVE_INFINITY : Date.parse(memory.releasedAt);
  const recent = machines.filter(({ createdAt }) => Date.parse(createdAt) > released);
  for (const same of Map.groupBy(recent, ({ templateKey }) => templateKey).values()) {
    const first = same.reduce((one, other) => (isBefore(other, one) ? other : one));
    const word = words[first.outcome];
    if (word === undefined) continue;
    const { name: machine, machineSet, template } = first;
    const since = new Date(now).toISOString();
    const message = told(first, word.ended, moved);
    return { reason: word.reason, message, machine, machineSet, template, since, generation, moved: [...moved] };
  }
  return null;
}

function isBefore(one: NewMachine, other: NewMachine): boolean {
  const [left, right] = [Date.parse(one.createdAt), Date.parse(other.createdAt)];
  return left === right ? one.name < other.name : left < right;
}

/** So many MachineSets are named. */
const named = 5;

function told(
  { name, machineSet, template, why }: NewMachine,
  ended: string,
  moved: readonly MovedMachineSet[],
): string {
  const names = moved.slice(0, named).map((one) => one.machineSet);
  const more = moved.length > named ? ` and ${moved.length - named} more` : "";
  const back = moved.length === 0 ? "No MachineSet was moved." : `Moved so far: ${names.join(", ")}${more}.`;
  const cause = why === "" ? "" : ` (${why.slice(0, 300)})`;
  return (
    `Machine ${name} of MachineSet ${machineSet}, the first from template ${template}, ${ended}${cause}: no further ` +
    `MachineSet is moved. ${back} The way back: kubectl bootwarden rollback --all; to go on: kubectl bootwarden resume.`
  );
}
