// The hash thread: computes digests beside the event loop, which has its hands full with the stream itself.
import { Worker } from "node:worker_threads";
import { z } from "zod";
import type { Digest, DigestAlgorithm } from "./digest.ts";
import type { SharedBlocks } from "./shared-blocks.ts";

export interface HashThread {
  /** `update` resolves at once as long as the thread keeps up. */
  digest: (algorithm: DigestAlgorithm) => Digest;
  /** Ends the thread, whatever it is doing: what waits for it fails. Resolves when it reads no more. */
  close: () => Promise<void>;
}

/** So many pieces of one digest wait to be hashed: enough for the thread never to wait for the event loop's turn. */
const mostWaiting = 6;

/** As text, so that a bundle stays one file. */
const program = `
const { parentPort } = require("node:worker_threads");
const { createHash } = require("node:crypto");
const hashes = new Map();
parentPort.on("message", ({ digest, algorithm, data }) => {
  const hash = hashes.get(digest) ?? createHash(algorithm);
  hashes.set(digest, hash);
  if (data !== undefined) hash.update(data);
  parentPort.postMessage(data === undefined ? { digest, hex: hash.digest("hex") } : { digest });
});
`;

/**
 * To be closed. Pieces of `blocks` are hashed where they lie, others are copied. The thread begins with the first bytes; it costs about 10 MB,
 * however many digests it computes.
 */
export function hashThread(blocks: Pick<SharedBlocks, "hold">): HashThread {
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
      const waiting: Waiting[] = [];
      const result = Promise.withResolvers<string>();
      hearers.push(({ hex }) => {
        if (hex === undefined) waiting.shift()?.done();
        else result.resolve(hex);
      });
      return {
        update: async (piece) => {
          const data = shared(piece);
          waiting.push(waitingFor(blocks.hold(data)));
          post({ digest, algorithm, data });
          if (waiting.length > mostWaiting) await Promise.race([waiting[0]?.hashed, ended.promise]);
          else if (isClosed) await ended.promise;
        },
        end: async () => {
          post({ digest, algorithm });
          return await Promise.race([result.promise, ended.promise]);
        },
      };
    },
    close: async () => {
      isClosed = true;
      ended.reject(new Error("the hash thread was closed"));
      await worker?.terminate();
    },
  };
}

interface Waiting {
  hashed: Promise<void>;
  done: () => void;
}

function waitingFor(release: () => void): Waiting {
  const { promise: hashed, resolve } = Promise.withResolvers<void>();
  const done = () => {
    release();
    resolve();
  };
  return { hashed, done };
}

/** Memory that is not shared would be copied by the message as well. */
function shared(piece: Buffer): Buffer {
  if (piece.buffer instanceof SharedArrayBuffer) return piece;
  const copy = Buffer.from(new SharedArrayBuffer(piece.length));
  piece.copy(copy);
  return copy;
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

const Said = z.object({ digest: z.number(), hex: z.string().optional() });
type Said = z.infer<typeof Said>;
