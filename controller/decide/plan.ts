// The plan: what each MachineSet stands at, and the steps that take it to the target.
import type { Reason } from "../../common/reasons.ts";
import type { BootImageTarget } from "./boot-image.ts";
import type { Decision } from "./decision.ts";
import { type MachineSetInput, type MachineSetState, stateOf } from "./machine-set-state.ts";
import { type Behind, type Step, type StepsInput, stepsFor } from "./steps.ts";

export interface PlanInput extends Omit<StepsInput, "target"> {
  mode: "Observe" | "Manage";
  /** Refused: nothing is moved, and every MachineSet of ours says why. */
  target: Decision<BootImageTarget>;
  machineSets: readonly MachineSetInput[];
  /** MachineSets that cannot be read, by name, with what is wrong. */
  unreadable: ReadonlyMap<string, string>;
  /** The last failure of work on a place or a MachineSet, by the place's key or the MachineSet's name. */
  failures: ReadonlyMap<string, { reason: Reason; message: string }>;
}

export interface Plan {
  machineSets: MachineSetState[];
  /** Empty in Observe mode. */
  steps: Step[];
}

/**
 * In Manage mode a MachineSet that a step moves is `Updating`, or `Failed` as long as the last try of its steps failed:
 * the steps stay in the plan, and who takes them decides when to try again. In Observe mode it stays `Outdated`, and
 * its message says what would be done.
 */
export function plan(input: PlanInput): Plan {
  const states = input.machineSets.map((machineSet) => stateOf(machineSet, input.target));
  const odd = [...input.unreadable].map(([name, why]) => unreadable(name, why));
  if (!input.target.ok) return { machineSets: [...states, ...odd], steps: [] };
  const steps = stepsFor(behind(input.machineSets, states), { ...input, target: input.target.value });
  const machineSets = [...states.map((state) => withSteps(state, steps, input)), ...odd];
  return { machineSets, steps: input.mode === "Manage" ? steps : [] };
}

function unreadable(name: string, why: string): MachineSetState {
  const message = `MachineSet ${name} cannot be read (${why}): mend it; it is left alone.`;
  return {
    name,
    managedBy: "Nobody",
    state: "Failed",
    reason: "ObjectUnreadable",
    message,
    template: null,
    release: null,
  };
}

function behind(machineSets: readonly MachineSetInput[], states: readonly MachineSetState[]): Behind[] {
  return machineSets.flatMap(({ facts, place }, index) =>
    states[index]?.state === "Outdated" && place.ok ? [{ machineSet: facts, place: place.value }] : [],
  );
}

function withSteps(state: MachineSetState, steps: readonly Step[], input: PlanInput): MachineSetState {
  const move = steps.find((step) => step.kind === "Move" && step.machineSet === state.name);
  if (move === undefined) return state;
  const making = steps.find((step) => step.kind !== "Move" && step.place.key === move.place.key);
  const to = `${making ? `${making.kind.toLowerCase()} template ${move.name}, then ` : ""}move to ${move.name}`;
  if (input.mode === "Observe") return { ...state, message: `${state.message} In Manage mode bootwarden would ${to}.` };
  const failure = input.failures.get(move.place.key) ?? input.failures.get(state.name);
  if (failure !== undefined) return { ...state, state: "Failed", ...failure };
  return { ...state, state: "Updating", reason: "MovingTemplate", message: `${state.message} Next: ${to}.` };
}
