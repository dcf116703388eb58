// The kill points: after which of a run's calls the controller is killed.

/** The nth call of that name since the release appeared, counted from 1. */
export interface KillPoint {
  call: string;
  nth: number;
}

/** Calls that change something, in vCenter or in the cluster. */
const changing = /^API |^vCenter (?!Find|Retrieve|ContinueRetrieve|Fetch|Login$|Logout$|GET )/;
/** Calls that a run makes as often as time allows. */
const timely = /\/status|HttpNfcLeaseProgress/;

/** A call by name: without what differs from run to run. */
export function callName(call: string): string {
  return call.replace(/\?.*$/, "").replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…");
}

/** A point for each call of a run, in its order. */
export function everyPoint(calls: readonly string[]): KillPoint[] {
  const seen = new Map<string, number>();
  return calls.map((each) => {
    const call = callName(each);
    const nth = (seen.get(call) ?? 0) + 1;
    seen.set(call, nth);
    return { call, nth };
  });
}

/** `count` of the points, evenly spread over the calls that change something and that every run makes. */
export function spread(calls: readonly string[], count: number): KillPoint[] {
  const points = everyPoint(calls).filter(({ call }) => changing.test(call) && !timely.test(call));
  const kinds = new Map(points.toReversed().map((point) => [point.call, point]));
  const rest = points.filter((point) => !kinds.has(point.call) || kinds.get(point.call) !== point);
  const first = evenly([...kinds.values()].toReversed(), count);
  return [...first, ...evenly(rest, count - first.length)];
}

function evenly(points: readonly KillPoint[], count: number): KillPoint[] {
  const taken = Math.max(0, Math.min(count, points.length));
  const chosen = Array.from({ length: taken }, (_, n) => points[Math.floor((n * points.length) / taken)]);
  return chosen.filter((point) => point !== undefined);
}
