// The shared blocks of a stream: memory that threads share, each block of which is used again when nobody holds it any more.

export interface SharedBlocks {
  /** A block that nobody held, held for the caller; new memory if there is none. */
  take: () => Held;
  /** Holds the block that `piece` is a part of; gives what lets go of it, once. Other memory needs nobody who holds it. */
  hold: (piece: Buffer) => () => void;
  /** How many blocks somebody holds. */
  held: () => number;
  /** The stream is over, and nobody uses any of them, whoever still holds one. */
  close: () => void;
}

export interface Held {
  block: Buffer;
  /** What it holds may be overwritten from now on. */
  release: () => void;
}

export interface BlockOptions {
  blockBytes?: number;
  /** Blocks that nobody uses, for one stream after the other. Left out: this one has its own. */
  spare?: Buffer[] | undefined;
}

/** A write or a message of that size costs far less than sixteen of 64 KiB. */
const mebibyte = 1 << 20;
/** What one stream needs, and a few more; of those of several at once the rest is left to V8. */
const mostSpare = 16;

/**
 * The memory grows with what is held at a time. V8 does not see how large shared memory is, and may not collect it for hours: `spare` is what
 * keeps a program that streams again and again from growing.
 */
export function sharedBlocks({ blockBytes = mebibyte, spare = [] }: BlockOptions = {}): SharedBlocks {
  const holders = new Map<ArrayBufferLike, number>();
  const letGo = (memory: ArrayBufferLike) => {
    holders.delete(memory);
    if (spare.length < mostSpare) spare.push(Buffer.from(memory));
  };
  const hold = ({ buffer: memory }: Buffer) => {
    holders.set(memory, (holders.get(memory) ?? 0) + 1);
    let isHeld = true;
    return () => {
      const count = holders.get(memory);
      if (!isHeld || count === undefined) return;
      isHeld = false;
      if (count > 1) holders.set(memory, count - 1);
      else letGo(memory);
    };
  };
  return {
    take: () => {
      const block = spare.pop() ?? Buffer.from(new SharedArrayBuffer(blockBytes));
      return { block, release: hold(block) };
    },
    hold: (piece) => (holders.has(piece.buffer) ? hold(piece) : () => undefined),
    held: () => holders.size,
    close: () => {
      for (const memory of holders.keys()) letGo(memory);
    },
  };
}
