// The plan: what each MachineSet stands at, and the steps that take it to the target.
import { machineSetAnnotations } from "../../common/annotations.ts";
import type { Reason } from "../../common/reasons.ts";
import type { Halt } from "./brake.ts";
import { type Contest, type ContestMemory, contest } from "./contest.ts";
import { type MachineSetInput, type MachineSetState, stateOf } from "./machine-set-state.ts";
import { templateSubject } from "./next-steps.ts";
import { type Behind, type Step, type StepsInput, stepsFor } from "./steps.ts";

export interface PlanInput extends StepsInput {
  mode: "Observe" | "Manage";
  machineSets: readonly MachineSetInput[];
  /** MachineSets that cannot be read, by name, with what is wrong. */
  unreadable: ReadonlyMap<string, string>;
  /** The last failure of work on a template or a MachineSet, by its `subjectOf`. */
  failures: ReadonlyMap<string, { reason: Reason; message: string }>;
  /** What is remembered of our moves and of their reverts, by MachineSet. */
  contests: ReadonlyMap<string, ContestMemory>;
  /** null: the brake is not on. */
  halted: Halt | null;
  /** Milliseconds after the first revert of a move before it is tried again. */
  revertPause: number;
  /** Milliseconds since the epoch. */
  now: number;
}

export interface Plan {
  machineSets: MachineSetState[];
  /** Empty in Observe mode. */
  steps: Step[];
  /** What the steps are, or would be in Manage mode. */
  wanted: Step[];
  /** By MachineSet, for the next plan. */
  contests: Map<string, ContestMemory>;
  /** Milliseconds since the epoch: when a move that was taken back is tried again; null where none is. */
  again: number | null;
}

/**
 * In Manage mode a MachineSet that a step moves is `Updating`, or `Failed` as long as the last try of its steps failed:
 * the steps stay in the plan, and who takes them decides when to try again. In Observe mode it stays `Outdated`, and
 * its message says what would be done. One that is contested, or whose brake is on, has no steps.
 */
export function plan(input: PlanInput): Plan {
  const judged = input.machineSets.map((machineSet) => withContest(machineSet, input));
  const contests = new Map(judged.map(({ state, contest: { memory } }) => [state.name, memory]));
  const waits = judged.flatMap(({ contest: { until } }) => (until === null ? [] : [until]));
  const known = { contests, again: waits.length === 0 ? null : Math.min(...waits) };
  const odd = [...input.unreadable].map(([name, why]) => unreadable(name, why));
  const all = (states: MachineSetState[]) => [...states, ...odd];
  const wanted = stepsFor(behind(judged), input);
  const states = judged.map(({ state, contest: { standing } }) =>
    standing === "Fresh" ? moving(state) : withSteps(state, wanted, input),
  );
  return { machineSets: all(states), steps: input.mode === "Manage" ? wanted : [], wanted, ...known };
}

interface Judged {
  machineSet: MachineSetInput;
  state: MachineSetState;
  contest: Contest;
}

function withContest(machineSet: MachineSetInput, input: PlanInput): Judged {
  const { facts, manager, templateNow, writtenBy } = machineSet;
  const state = stateOf(machineSet);
  const found = contest({
    memory: input.contests.get(facts.name) ?? { moved: null, contested: null },
    template: facts.provider?.template ?? "",
    writtenBy,
    wanted: state.state === "Outdated" && manager.reason === "Enrolled",
    dead: templateNow.ok && !templateNow.value.exists,
    resumedAt: facts.annotations[machineSetAnnotations.resumedAt] ?? null,
    pause: input.revertPause,
    now: input.now,
  });
  return { machineSet, state: state.state === "Outdated" ? stopped(state, found, input) : state, contest: found };
}

/** What keeps a MachineSet that is behind from being moved. */
function stopped(state: MachineSetState, { memory, standing, until }: Contest, { halted, mode }: PlanInput) {
  const { times, manager } = memory.contested ?? { times: 0, manager: "" };
  const taken = `${manager} took its move back, ${times} of 3 times`;
  if (standing === "Contested") {
    const message = `${taken}: it is left alone. Mend its source, then: kubectl bootwarden resume ${state.name}.`;
    const why = { managedByReason: "Contested", managedByMessage: message } as const;
    return { ...state, managedBy: "Nobody", ...why, state: "Contested", reason: "Contested", message } as const;
  }
  if (halted !== null && mode === "Manage") {
    const message = `${state.message} It is not moved: ${halted.message}`;
    const why = { managedByReason: "Halted", managedByMessage: halted.message } as const;
    return { ...state, ...why, state: "Halted", reason: "Halted", message } as const;
  }
  if (standing !== "Resting" || until === null) return state;
  const message = `${taken}: tried again at ${new Date(until).toISOString()}. Hold it, or mend its source.`;
  return { ...state, state: "Failed", reason: "MachineSetReverted", message } as const;
}

function unreadable(name: string, why: string): MachineSetState {
  const message = `MachineSet ${name} cannot be read (${why}): mend it; it is left alone.`;
  return {
    name,
    managedBy: "Nobody",
    managedByReason: "ObjectUnreadable",
    managedByMessage: message,
    state: "Failed",
    reason: "ObjectUnreadable",
    message,
    template: null,
    release: null,
  };
}

function behind(judged: readonly Judged[]): Behind[] {
  return judged.flatMap(({ machineSet: { facts, target, place }, state, contest: { standing } }) => {
    if (state.state !== "Outdated" || standing === "Fresh" || !target.ok || !place.ok) return [];
    return [{ machineSet: facts, place: place.value, image: target.value }];
  });
}

function moving(state: MachineSetState): MachineSetState {
  return { ...state, state: "Updating", reason: "MovingTemplate", message: "It was moved a moment ago." };
}

function withSteps(state: MachineSetState, steps: readonly Step[], input: PlanInput): MachineSetState {
  const move = steps.find((step) => step.kind === "Move" && step.machineSet === state.name);
  if (move === undefined) return state;
  const making = steps.find((step) => step.kind !== "Move" && templateSubject(step) === templateSubject(move));
  const to = `${making ? `${making.kind.toLowerCase()} template ${move.name}, then ` : ""}move to ${move.name}`;
  if (input.mode === "Observe") return { ...state, message: `${state.message} In Manage mode bootwarden would ${to}.` };
  const failure = input.failures.get(templateSubject(move)) ?? input.failures.get(state.name);
  if (failure !== undefined) return { ...state, state: "Failed", ...failure };
  return { ...state, state: "Updating", reason: "MovingTemplate", message: `${state.message} Next: ${to}.` };
}
