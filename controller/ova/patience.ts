// The patience with a server: how long a transfer may be without a byte, and how often it is taken up again.
import { backoff } from "../../common/backoff.ts";

export interface Patience {
  /** Bytes arrived: idleness begins anew. */
  arrived(bytes: number): void;
  /** Milliseconds passed without a byte. */
  waited(milliseconds: number): void;
  /** Milliseconds that are left without a byte. */
  left(): number;
  /** Milliseconds to wait before another try, at least `atLeast`; null if there is to be none. */
  nextTry(atLeast: number): number | null;
}

/** Tries in a row of which none brought the image on. */
const mostTries = 8;
/** Bytes that bring an image on. */
const progress = 8 << 20;

/** `idle`: milliseconds in all without a byte. `first`: milliseconds before the first further try, doubled for each. */
export function createPatience({ idle, first }: { idle: number; first: number }): Patience {
  const now = { idle: 0, tries: 0, bytes: 0 };
  return {
    arrived: (bytes) => {
      now.idle = 0;
      now.bytes += bytes;
      if (now.bytes >= progress) Object.assign(now, { tries: 0, bytes: 0 });
    },
    waited: (milliseconds) => {
      now.idle += milliseconds;
    },
    left: () => Math.max(0, idle - now.idle),
    nextTry: (atLeast) => {
      now.tries += 1;
      const wait = Math.max(atLeast, backoff(now.tries, { first, most: 16 * first }));
      return now.tries > mostTries || now.idle + wait >= idle ? null : wait;
    },
  };
}
