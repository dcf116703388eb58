// The failures of steps: what failed last, and when it is worth to try again.
import { backoff } from "../common/backoff.ts";
import type { Reason } from "../common/reasons.ts";

export interface Failed {
  reason: Reason;
  message: string;
}

interface Remembered extends Failed {
  times: number;
  /** Milliseconds since the epoch. */
  nextTry: number;
}

export interface Failures {
  /** What steps depend on, as text: when it changes, all is forgiven and tried at once. */
  concern: (text: string) => void;
  /** The subjects failed together, and rest together. */
  add: (subjects: readonly string[], failure: Failed) => void;
  clear: (subject: string) => void;
  /** Forgets all other subjects: no step is about them any more. */
  keep: (subjects: ReadonlySet<string>) => void;
  resting: (subject: string) => boolean;
  known: () => ReadonlyMap<string, Failed>;
  /** Milliseconds until the next subject is rested; null when none rests. */
  nextTry: () => number | null;
}

const limits = { first: 5_000, most: 600_000 };

/** `now`: milliseconds since the epoch. */
export function createFailures(now: () => number = Date.now): Failures {
  const remembered = new Map<string, Remembered>();
  let concerned = "";
  return {
    concern: (text) => {
      if (text !== concerned)
        for (const failure of remembered.values()) Object.assign(failure, { times: 0, nextTry: 0 });
      concerned = text;
    },
    add: (subjects, { reason, message }) => {
      const times = Math.max(...subjects.map((subject) => remembered.get(subject)?.times ?? 0)) + 1;
      const nextTry = now() + backoff(times, limits);
      for (const subject of subjects) remembered.set(subject, { reason, message, times, nextTry });
    },
    clear: (subject) => remembered.delete(subject),
    keep: (subjects) => {
      for (const subject of remembered.keys()) if (!subjects.has(subject)) remembered.delete(subject);
    },
    resting: (subject) => (remembered.get(subject)?.nextTry ?? 0) > now(),
    known: () => remembered,
    nextTry: () => {
      const waits = [...remembered.values()].map(({ nextTry }) => nextTry - now()).filter((wait) => wait > 0);
      return waits.length === 0 ? null : Math.max(100, Math.min(...waits));
    },
  };
}
