// The watch: says when to look at the host again.

import { Bell } from "../common/bell.ts";
import { pause } from "../common/deadline.ts";
import { DirectoryWatch } from "./host/directory-watch.ts";

/** Why to look: the agent starts, the host changed, or nothing was seen for a while. */
export type Look = "start" | "change" | "check";

/** Deployments are written below the first; the second holds the mark of a staged deployment and its lock. */
const directories = ["ostree/deploy", "run/ostree"];

interface Watching {
  root: string;
  /** Milliseconds to the next check, asked before each wait: an hour, or less after a failure. */
  interval: () => number;
  /** Milliseconds in which further changes count as the same one; rpm-ostree makes several at once. */
  settle: number;
  /** Milliseconds that a look comes at least after the one before, asked before each wait: the host may change all the time. */
  spacing: () => number;
  /** A directory cannot be watched; the checks go on. */
  failed: (error: unknown) => void;
  signal: AbortSignal;
}

/**
 * Yields once at the start and then whenever the host should be looked at, until the signal aborts. What happens while the consumer is
 * still busy is remembered and yielded once: one run at a time. The check finds what leaves no trace in these directories: pin, unlock,
 * live apply, and annotations that somebody removed from the Node.
 */
export async function* looks({
  root,
  interval,
  settle,
  spacing,
  failed,
  signal,
}: Watching): AsyncGenerator<Look, void> {
  const bell = new Bell();
  // Watched before the first look: a change in between must not be lost.
  const watches = directories.map((path) => new DirectoryWatch({ root, path, changed: () => bell.ring(), failed }));
  try {
    yield "start";
    while (!signal.aborted) {
      const looked = performance.now();
      const changed = await bell.heard(signal, interval());
      if (!changed) for (const watch of watches) watch.arm();
      await pause(signal, delay({ settle, spacing: spacing() }, changed, performance.now() - looked));
      bell.clear();
      if (!signal.aborted) yield changed ? "change" : "check";
    }
  } finally {
    for (const watch of watches) watch.close();
  }
}

/** Milliseconds before a look, `since` milliseconds after the one before: a change settles, and looks keep their distance. */
export function delay(
  { settle, spacing }: { settle: number; spacing: number },
  changed: boolean,
  since: number,
): number {
  return Math.max(changed ? settle : 0, spacing - since);
}

/**
 * The distance between two looks, from `least`: after a few looks in a row that changes caused and that found nothing new it grows, up to
 * 32 times. A change of the report is told soon that way, and a host whose directories are never at rest is not asked all the time.
 */
export function distance(least: number, fruitless: number): number {
  return least * 2 ** Math.min(Math.max(fruitless - 2, 0), 5);
}
