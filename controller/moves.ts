// The moves: which MachineSet was pointed where and when, so that somebody who takes a move back is noticed.

export interface Moves {
  made: (machineSet: string, template: string) => void;
  /**
   * Whether the move may be made: `Fresh` if it was made a moment ago and the API server's news may not have come yet,
   * `Reverted` if it was made some time ago and is asked for again: somebody took it back. What was put in its place may be a
   * template that does not exist (`dead`): nobody wants that, so it is put right some times first.
   */
  judge: (machineSet: string, template: string, now?: { dead: boolean }) => "Free" | "Fresh" | "Reverted";
}

const fresh = 5_000;
/** Milliseconds in which a MachineSet is not moved to the same template twice. */
const truce = 600_000;
/** Moves to the same template within a truce, where each was taken back for one that does not exist. */
const mends = 4;

/** `now`: milliseconds since the epoch. */
export function createMoves(now: () => number = Date.now): Moves {
  const last = new Map<string, { template: string; at: number; times: number }>();
  return {
    made: (machineSet, template) => {
      const before = last.get(machineSet);
      const again = before?.template === template && now() - before.at <= truce;
      last.set(machineSet, { template, at: now(), times: again ? before.times + 1 : 1 });
    },
    judge: (machineSet, template, { dead } = { dead: false }) => {
      const move = last.get(machineSet);
      const age = now() - (move?.at ?? 0);
      if (move?.template !== template || age > truce) return "Free";
      if (age < fresh) return "Fresh";
      return dead && move.times < mends ? "Free" : "Reverted";
    },
  };
}
