// The transit of blocks through a reader that does not say when it has done with one: it has, when a piece of a later one comes out.
import type { SharedBlocks } from "../../common/shared-blocks.ts";

export interface Transit {
  /** The block goes in, and is held. */
  enter: (block: Buffer) => void;
  /** A piece comes out: all blocks before its own are let go. */
  leave: (piece: Buffer) => void;
}

export function transit({ hold }: Pick<SharedBlocks, "hold">): Transit {
  const inside: { memory: ArrayBufferLike; release: () => void }[] = [];
  return {
    enter: (block) => {
      inside.push({ memory: block.buffer, release: hold(block) });
    },
    leave: ({ buffer }) => {
      while (inside.length > 1 && inside[0]?.memory !== buffer) inside.shift()?.release();
    },
  };
}
