// The grace of a clean-up: it goes on after an interrupt, but not for long.

export interface Grace {
  /** How long it may take, in milliseconds. */
  whole: number;
  /** How long it may take once we were asked to stop. All of a step together: 14 s, as the pod is killed 30 s after that. */
  stopped: number;
}

/** Runs a clean-up under a signal that ends it after `whole`, or `stopped` after `stop` was aborted. */
export async function withGrace<Result>(
  stop: AbortSignal,
  grace: Grace,
  clean: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const end = new AbortController();
  const timers = [setTimeout(() => end.abort(), grace.whole)];
  const hurry = () => timers.push(setTimeout(() => end.abort(), grace.stopped));
  stop.addEventListener("abort", hurry, { once: true });
  if (stop.aborted) hurry();
  try {
    return await clean(end.signal);
  } finally {
    stop.removeEventListener("abort", hurry);
    for (const timer of timers) clearTimeout(timer);
  }
}
