// The rate of a transfer: bytes per second over the last seconds, as a person who watches wants it.

/** Milliseconds: how far it looks back, and how often it remembers. */
const span = 10_000;
const distance = 500;

/** Gives the rate at each count of bytes; null until there is half a second to tell it from. `now`: milliseconds. */
export function createTransferRate(now: () => number = () => performance.now()): (bytes: number) => number | null {
  let counts: { at: number; bytes: number }[] = [];
  return (bytes) => {
    const at = now();
    const last = counts.at(-1);
    // A transfer that starts again counts anew.
    if (last === undefined || bytes < last.bytes) counts = [{ at, bytes }];
    else if (at - last.at >= distance) counts.push({ at, bytes });
    while (counts[1] !== undefined && at - counts[1].at >= span) counts.shift();
    const first = counts[0];
    if (first === undefined || at - first.at < distance) return null;
    return Math.round(((bytes - first.bytes) * 1000) / (at - first.at));
  };
}
