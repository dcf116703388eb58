// The writer of a disk's blocks to the host: one block after the other, each of which has to be taken in time.
import type { ClientRequest } from "node:http";

export interface BlockWriter {
  /**
   * Resolves when the socket has taken the block (then its memory is free), at once when the host has answered, or with what went
   * wrong. One at a time.
   */
  write: (block: Buffer) => Promise<Error | null>;
  /** Lets go of timer and signal. */
  stop: () => void;
}

interface Limits {
  /** Ends the writing. */
  signal: AbortSignal;
  /** When the host has answered nothing more need be taken. */
  answered: AbortSignal;
  /** For how long a block may not be taken. */
  stallMilliseconds: number;
}

/** One timer and two listeners for a whole disk: of those of each block, thousands would wait for their time at once. */
export function blockWriter(request: ClientRequest, { signal, answered, stallMilliseconds }: Limits): BlockWriter {
  let settle: ((error: Error | null) => void) | null = null;
  const interrupt = () => settle?.(new Error("interrupted"));
  const release = () => settle?.(null);
  const stalled = setTimeout(() => {
    settle?.(new Error(`no byte was taken for ${stallMilliseconds / 1000} s`));
  }, stallMilliseconds);
  signal.addEventListener("abort", interrupt, { once: true });
  answered.addEventListener("abort", release, { once: true });
  const write = async (block: Buffer) => {
    if (answered.aborted) return null;
    if (signal.aborted) return new Error("interrupted");
    const taken = new Promise<Error | null>((resolve) => {
      settle = resolve;
      stalled.refresh();
      request.write(block, (error) => resolve(error ?? null));
    });
    return await taken.finally(() => {
      settle = null;
    });
  };
  const stop = () => {
    clearTimeout(stalled);
    signal.removeEventListener("abort", interrupt);
    answered.removeEventListener("abort", release);
  };
  return { write, stop };
}
