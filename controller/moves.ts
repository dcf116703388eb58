// The moves: which MachineSet was pointed where and when, so that somebody who takes a move back is noticed.

export interface Moves {
  made: (machineSet: string, template: string) => void;
  /**
   * Whether the move may be made: `Fresh` if it was made a moment ago and the API server's news may not have come yet,
   * `Reverted` if it was made some time ago and is asked for again: somebody took it back.
   */
  judge: (machineSet: string, template: string) => "Free" | "Fresh" | "Reverted";
}

const fresh = 5_000;
/** Milliseconds in which a MachineSet is not moved to the same template twice. */
const truce = 600_000;

/** `now`: milliseconds since the epoch. */
export function createMoves(now: () => number = Date.now): Moves {
  const last = new Map<string, { template: string; at: number }>();
  return {
    made: (machineSet, template) => last.set(machineSet, { template, at: now() }),
    judge: (machineSet, template) => {
      const move = last.get(machineSet);
      const age = now() - (move?.at ?? 0);
      if (move?.template !== template || age > truce) return "Free";
      return age < fresh ? "Fresh" : "Reverted";
    },
  };
}
