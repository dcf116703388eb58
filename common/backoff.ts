// The back-off: how long to wait before something that failed is tried again.

/**
 * Milliseconds before the next try after `failures` ≥ 1 failures in a row: `first`, doubled each time up to `most`, and of that a random part
 * between a half and the whole (`random` in 0…1), so that a fleet that lost the API server together does not come back together.
 */
export function backoff(failures: number, limits: { first: number; most: number }, random = Math.random()): number {
  const whole = Math.min(limits.most, limits.first * 2 ** Math.min(failures - 1, 30));
  return whole * (0.5 + random / 2);
}

/** An interval spread by ± 10 %, for the same reason. */
export function spread(interval: number, random = Math.random()): number {
  return interval * (0.9 + random / 5);
}
