// The gathering of a body: as it comes, it fills shared blocks, a few of which are filled ahead of their reader.
import type { Held, SharedBlocks } from "../../common/shared-blocks.ts";
import type { Flow, Sink } from "./direct-reads.ts";

export interface Gathering extends Pick<Sink, "room"> {
  /** So many bytes of the room have come. */
  filled: (bytes: number) => void;
  /** Copies what has come in other memory. */
  add: (chunk: Buffer) => void;
  end: () => void;
  /** What has come is given before it is thrown. */
  fail: (thrown: unknown) => void;
  /** To be read once. A block may be read until the next one is asked for; whoever needs it longer holds it. */
  body: AsyncIterable<Buffer>;
  /** Nobody reads on, and nothing comes any more. */
  drop: () => void;
  /** For how many milliseconds nothing has come, though it might have. */
  quiet: () => number;
}

/** Blocks that are filled, read, hashed and sent at a time: enough for none of them to wait for another's turn. */
const mostHeld = 12;
/** What comes slowly is passed on after that, so that the next in line is not left without a byte while some come. */
const longestMilliseconds = 1_000;

export function gathering(blocks: SharedBlocks, flow: () => Flow): Gathering {
  const state: State = {
    blocks,
    flow,
    full: [],
    filling: null,
    end: null,
    isPaused: false,
    heard: performance.now(),
    wake: () => undefined,
  };
  const stop = (end: End) => {
    state.end ??= end;
    state.wake();
  };
  return {
    room: () => room(state),
    filled: (bytes) => filled(state, bytes),
    add: (chunk) => {
      for (let at = 0; at < chunk.length; ) {
        const copied = chunk.copy(room(state), 0, at);
        filled(state, copied);
        at += copied;
      }
    },
    end: () => stop("ended"),
    fail: (thrown) => stop({ thrown }),
    drop: () => {
      stop("ended");
      for (const { release } of state.full.splice(0)) release();
      rest(state)?.release();
    },
    body: bodyOf(state),
    quiet: () => (state.isPaused ? 0 : performance.now() - state.heard),
  };
}

interface State {
  blocks: SharedBlocks;
  flow: () => Flow;
  full: Part[];
  filling: Filling | null;
  end: End | null;
  isPaused: boolean;
  /** When something came, or could come again. */
  heard: number;
  /** Tells the reader that there is something for it. */
  wake: () => void;
}

interface Part {
  bytes: Buffer;
  release: () => void;
}

/** A block, of which what is between `from` and `to` has not been given to the reader. */
interface Filling extends Held {
  from: number;
  to: number;
}

type End = { thrown: unknown } | "ended";

/** For what comes behind the end: nobody reads it. */
const nowhere = Buffer.alloc(16 << 10);

function room(state: State): Buffer {
  if (state.end !== null) return nowhere;
  state.filling ??= { ...state.blocks.take(), from: 0, to: 0 };
  return state.filling.block.subarray(state.filling.to);
}

function filled(state: State, bytes: number): void {
  const { filling, end } = state;
  if (end !== null) return;
  if (filling === null) throw new TypeError("nothing was to be filled");
  state.heard = performance.now();
  filling.to += bytes;
  if (filling.to < filling.block.length) return;
  state.full.push({ bytes: filling.block.subarray(filling.from), release: filling.release });
  state.filling = null;
  state.wake();
  if (state.isPaused || !isAhead(state)) return;
  state.isPaused = true;
  state.flow().pause();
}

/** A reader that waits is never let wait, whatever it holds. */
function isAhead({ full, blocks }: State): boolean {
  return full.length > 0 && blocks.held() >= mostHeld;
}

async function* bodyOf(state: State): AsyncGenerator<Buffer, void, undefined> {
  for (let isLate = false; ; ) {
    const part = next(state, isLate);
    if (part !== null) {
      isLate = false;
      yield* lent(part);
    } else if (state.end === "ended") return;
    else if (state.end !== null) throw state.end.thrown;
    else isLate = await isWakenedLate(state);
  }
}

/** A full block; at the end, or when that is late, what there is. */
function next(state: State, isLate: boolean): Part | null {
  const first = state.full.shift() ?? null;
  if (state.isPaused && !isAhead(state)) {
    state.isPaused = false;
    state.heard = performance.now();
    state.flow().resume();
  }
  return first === null && (state.end !== null || isLate) ? rest(state) : first;
}

/** Before the end the block is filled on behind it: the next read has been promised that memory. */
function rest(state: State): Part | null {
  const { filling, blocks, end } = state;
  if (filling === null) return null;
  const { block, from, to } = filling;
  filling.from = to;
  const release = blocks.hold(block);
  if (end !== null) {
    filling.release();
    state.filling = null;
  }
  if (from < to) return { bytes: block.subarray(from, to), release };
  release();
  return null;
}

function* lent({ bytes, release }: Part): Generator<Buffer, void, undefined> {
  try {
    yield bytes;
  } finally {
    release();
  }
}

async function isWakenedLate(state: State): Promise<boolean> {
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), longestMilliseconds);
    state.wake = () => {
      clearTimeout(timer);
      resolve(false);
    };
  });
}
