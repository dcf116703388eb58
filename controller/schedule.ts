// The schedule: names that are due for something, at once or at a time.

export interface Schedule {
  /** Due in so many milliseconds (0: at once), or sooner where that was said before. */
  add: (name: string, milliseconds: number) => void;
  /** Takes out at most so many of the names that are due. */
  take: (most?: number) => string[];
  drop: (name: string) => void;
  /** Milliseconds until the next is due; null when none will be. */
  next: () => number | null;
}

/** `now`: milliseconds since the epoch. */
export function createSchedule(now: () => number = Date.now): Schedule {
  const due = new Set<string>();
  const later = new Map<string, number>();
  const ripen = () => {
    for (const [name, at] of later) {
      if (at > now()) continue;
      later.delete(name);
      due.add(name);
    }
  };
  return {
    add: (name, milliseconds) => {
      if (due.has(name)) return;
      if (milliseconds <= 0) due.add(name);
      else later.set(name, Math.min(later.get(name) ?? Number.POSITIVE_INFINITY, now() + milliseconds));
    },
    take: (most = Number.POSITIVE_INFINITY) => {
      ripen();
      const taken: string[] = [];
      for (const name of due) {
        if (taken.length >= most) break;
        taken.push(name);
        due.delete(name);
      }
      return taken;
    },
    drop: (name) => {
      due.delete(name);
      later.delete(name);
    },
    next: () => {
      if (due.size > 0) return 0;
      if (later.size === 0) return null;
      let first = Number.POSITIVE_INFINITY;
      for (const at of later.values()) first = Math.min(first, at);
      return Math.max(0, first - now());
    },
  };
}
