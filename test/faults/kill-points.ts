// The kill points: after which of a run's calls the controller is killed.

/** Calls that change something, in vCenter or in the cluster. */
const changing = /^API |^vCenter (?!Find|Retrieve|ContinueRetrieve|Fetch|Login$|Logout$|GET )/;

/** Places in the run, counted from 1. */
export function everyPoint(calls: readonly string[]): number[] {
  return calls.map((_, index) => index + 1);
}

/** `count` of them: first the first of each kind of change, then others, evenly spread. */
export function spread(calls: readonly string[], count: number): number[] {
  const kinds = new Map<string, number>();
  calls.forEach((call, index) => {
    const kind = call.replace(/[?].*$/, "").replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…");
    if (changing.test(call) && !kinds.has(kind)) kinds.set(kind, index + 1);
  });
  const chosen = evenly([...kinds.values()], count);
  const rest = everyPoint(calls).filter((point) => !chosen.includes(point));
  return [...chosen, ...evenly(rest, count - chosen.length)].toSorted((a, b) => a - b);
}

function evenly(points: readonly number[], count: number): number[] {
  const step = points.length / Math.min(count, points.length);
  const taken = Array.from(
    { length: Math.max(0, Math.min(count, points.length)) },
    (_, n) => points[Math.floor(n * step)],
  );
  return taken.filter((point) => point !== undefined);
}
