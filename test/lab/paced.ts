// The pace of a link: pieces of bytes, let go no faster than a rate.
import { pause } from "../../common/deadline.ts";

/** Milliseconds of the rate that may be made good after a wait for the receiver: more would be a burst. */
const credit = 50;

/** A link that all who send over it share. `rate` in bytes per second; undefined: no limit. */
export function linkOf(
  rate: number | undefined,
): (pieces: Iterable<Buffer>, signal: AbortSignal) => AsyncGenerator<Buffer> {
  // A piece every 2 ms or so: what a timer can keep, and smooth.
  const most = rate === undefined ? Number.POSITIVE_INFINITY : Math.max(1024, Math.floor(rate / 500));
  let free = performance.now();
  return async function* (pieces, signal) {
    for (const piece of pieces) {
      for (let at = 0; at < piece.length && !signal.aborted; at += most) {
        const part = piece.subarray(at, at + most);
        if (rate !== undefined) {
          const now = performance.now();
          free = Math.max(free, now - credit) + (part.length / rate) * 1000;
          // The first wait of a timer is a millisecond.
          if (free - now >= 1) await pause(signal, free - now);
        }
        yield part;
      }
    }
  };
}
