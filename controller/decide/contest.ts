// The contest over a MachineSet: moves of ours that somebody takes back are counted, tried ever later, and given up.

/** Our last move. */
interface Moved {
  /** The name of the template that it was pointed at. */
  template: string;
  /** RFC 3339. */
  at: string;
}

interface Contested {
  /** How many moves were taken back. */
  times: number;
  /** The field manager that did it last, e.g. argocd-controller. */
  manager: string;
  /** RFC 3339: when that was seen last. */
  last: string;
}

/** What is remembered of a MachineSet, in the policy's status: so that a restart does not start the fight again. */
export interface ContestMemory {
  moved: Moved | null;
  contested: Contested | null;
}

export interface ContestInput {
  memory: ContestMemory;
  /** What the MachineSet names now, verbatim. */
  template: string;
  /** The field manager that wrote this; null where the object does not say. */
  writtenBy: string | null;
  /** Whether bootwarden would move it: it is ours, in Manage mode, and behind the target. */
  wanted: boolean;
  /** Whether it names a template that does not exist: nobody wants that, so it is put right at once. */
  dead: boolean;
  /** RFC 3339, from the annotation that people set; null where there is none. */
  resumedAt: string | null;
  /** Milliseconds after the first revert before it is tried again; after the second five times as long. */
  pause: number;
  /** Milliseconds since the epoch. */
  now: number;
}

export interface Contest {
  memory: ContestMemory;
  /** `Fresh`: moved a moment ago, and the API server's news may not have come yet. `Resting`: tried again at `until`. */
  standing: "Free" | "Fresh" | "Resting" | "Contested";
  /** Milliseconds since the epoch; null where nothing is waited for. */
  until: number | null;
}

/** So many reverts, and it is left to whoever makes them. The Machine Config Operator gives up after as many. */
const mostReverts = 3;

const fresh = 5_000;
/** Milliseconds at the target after which reverts are forgotten. */
const calm = 3_600_000;

export function contest(input: ContestInput): Contest {
  const { now, wanted, dead, pause } = input;
  const memory = remembered(input);
  const { moved, contested } = memory;
  if (wanted && moved !== null && !names(input.template, moved.template))
    return { memory, standing: "Fresh", until: Date.parse(moved.at) + fresh };
  if (contested === null) return { memory, standing: "Free", until: null };
  if (contested.times >= mostReverts) return { memory, standing: "Contested", until: null };
  const until = Date.parse(contested.last) + pause * 5 ** (contested.times - 1);
  return wanted && !dead && now < until
    ? { memory, standing: "Resting", until }
    : { memory, standing: "Free", until: null };
}

function remembered({ memory, template, writtenBy, wanted, resumedAt, now }: ContestInput): ContestMemory {
  const kept = isForgotten(memory.contested, { resumedAt, wanted, now }) ? null : memory.contested;
  const { moved } = memory;
  if (moved === null || names(template, moved.template)) return { moved, contested: kept };
  if (!wanted) return { moved: null, contested: kept };
  if (now - Date.parse(moved.at) < fresh) return { moved, contested: kept };
  const last = new Date(now).toISOString();
  const contested = { times: (kept?.times ?? 0) + 1, manager: writtenBy ?? "unknown", last };
  return { moved: null, contested };
}

function isForgotten(
  contested: Contested | null,
  { resumedAt, wanted, now }: Pick<ContestInput, "resumedAt" | "wanted" | "now">,
): boolean {
  if (contested === null) return true;
  const last = Date.parse(contested.last);
  return (resumedAt !== null && Date.parse(resumedAt) > last) || (!wanted && now - last > calm);
}

/** A MachineSet names a template by its name or by its inventory path. */
function names(template: string, name: string): boolean {
  return template === name || template.endsWith(`/${name}`);
}
