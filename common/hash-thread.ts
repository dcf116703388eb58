// The hash thread: computes digests beside the event loop, which has its hands full with the stream itself.
import { Worker } from "node:worker_threads";
import { z } from "zod";
import type { Digest, DigestAlgorithm } from "./digest.ts";

export interface HashThread {
  /** `update` resolves at once as long as the thread keeps up. */
  digest: (algorithm: DigestAlgorithm) => Digest;
  /** Ends the thread, whatever it is doing: what waits for it fails. */
  close: () => void;
}

/** A message costs about as much as to hash 64 KiB: few large blocks, of which some wait while one is hashed. */
const blockBytes = 512 << 10;
const blocks = 3;

/** As text, so that a bundle stays one file. */
const program = `
const { parentPort } = require("node:worker_threads");
const { createHash } = require("node:crypto");
const digests = new Map();
parentPort.on("message", ({ digest, algorithm, memory, at, bytes, last }) => {
  if (memory !== undefined) digests.set(digest, { hash: createHash(algorithm), memory });
  const { hash, memory: shared } = digests.get(digest);
  hash.update(new Uint8Array(shared, at, bytes));
  parentPort.postMessage(last ? { digest, hex: hash.digest("hex") } : { digest, at });
});
`;

/** To be closed. The thread begins with the first bytes that are worth it; it costs about 10 MB, however many digests it computes. */
export function hashThread(): HashThread {
  const ended = Promise.withResolvers<never>();
  // Whoever closes it does not wait.
  ended.promise.catch(() => undefined);
  const hearers: ((said: Said) => void)[] = [];
  let worker: Worker | null = null;
  let isClosed = false;
  const post = (message: Record<string, unknown>) => {
    if (isClosed) return;
    worker ??= startWorker((said) => hearers[said.digest]?.(said), ended.reject);
    worker.postMessage(message);
  };
  return {
    digest: (algorithm) => {
      const digest = hearers.length;
      const memory = createBlocks();
      const result = Promise.withResolvers<string>();
      hearers.push((said) => ("hex" in said ? result.resolve(said.hex) : memory.give(said.at)));
      let begun = false;
      const pass = (last: boolean) => {
        const first = begun ? {} : { algorithm, memory: memory.shared };
        begun = true;
        post({ digest, ...first, ...memory.filled(), last });
      };
      return {
        update: async (data) => {
          for (let rest = data; ; ) {
            rest = memory.fill(rest);
            if (rest.length === 0) return;
            pass(false);
            await Promise.race([memory.next(), ended.promise]);
          }
        },
        end: async () => {
          pass(true);
          return await Promise.race([result.promise, ended.promise]);
        },
      };
    },
    close: () => {
      isClosed = true;
      ended.reject(new Error("the hash thread was closed"));
      void worker?.terminate();
    },
  };
}

/** Blocks of shared memory that take turns: one is filled, the others wait to be hashed or are free. */
function createBlocks() {
  const shared = new SharedArrayBuffer(blocks * blockBytes);
  const view = new Uint8Array(shared);
  const free = Array.from({ length: blocks - 1 }, (_, index) => (index + 1) * blockBytes);
  let waiting: (() => void) | null = null;
  let at = 0;
  let bytes = 0;
  return {
    shared,
    filled: () => ({ at, bytes }),
    /** What is left when the block is full. */
    fill: (data: Buffer): Buffer => {
      const part = data.subarray(0, blockBytes - bytes);
      view.set(part, at + bytes);
      bytes += part.length;
      return data.subarray(part.length);
    },
    next: async () => {
      if (free.length === 0) {
        await new Promise<void>((resolve) => {
          waiting = resolve;
        });
      }
      at = free.shift() ?? 0;
      bytes = 0;
    },
    give: (block: number) => {
      free.push(block);
      waiting?.();
    },
  };
}

function startWorker(heard: (said: Said) => void, broken: (error: Error) => void): Worker {
  // It holds nothing but hashes.
  const resourceLimits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 };
  const worker = new Worker(program, { eval: true, resourceLimits, execArgv: [], env: {} });
  worker.on("message", (message: unknown) => heard(Said.parse(message)));
  worker.on("error", broken);
  worker.on("exit", () => broken(new Error("the hash thread ended")));
  return worker;
}

const Said = z.union([
  z.object({ digest: z.number(), hex: z.string() }),
  z.object({ digest: z.number(), at: z.number() }),
]);
type Said = z.infer<typeof Said>;
