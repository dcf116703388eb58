// The hash thread: the digest of a stream, computed beside the event loop, which has its hands full with the stream itself.
import { Worker } from "node:worker_threads";
import { z } from "zod";

export interface HashThread {
  /** The bytes may be changed when it resolves, which is at once as long as the thread keeps up. One at a time. */
  update: (data: Buffer) => Promise<void>;
  /** Lower-case hex of all bytes; the thread ends. */
  digest: () => Promise<string>;
  /** Ends the thread, whatever it is doing. */
  close: () => void;
}

/** A message costs about as much as to hash 64 KiB: few large blocks, of which some wait while one is hashed. */
const blockBytes = 512 << 10;
const blocks = 4;

/** As text, so that a bundle stays one file. */
const program = `
const { parentPort, workerData: { algorithm, memory, blockBytes } } = require("node:worker_threads");
const hash = require("node:crypto").createHash(algorithm);
parentPort.on("message", ({ block, bytes, last }) => {
  hash.update(new Uint8Array(memory, block * blockBytes, bytes));
  if (!last) return parentPort.postMessage({ block });
  parentPort.postMessage({ digest: hash.digest("hex") });
  parentPort.close();
});
`;

/** Starts the thread; to be closed where its digest is not asked for. Bytes go to it through memory that both share. */
export function hashThread(algorithm: "sha1" | "sha256"): HashThread {
  const memory = new SharedArrayBuffer(blocks * blockBytes);
  const shared = new Uint8Array(memory);
  const worker = startWorker({ algorithm, memory, blockBytes });
  const free = Array.from({ length: blocks - 1 }, (_, index) => index + 1);
  const digest = Promise.withResolvers<string>();
  // Whoever closes it does not ask.
  digest.promise.catch(() => undefined);
  let freed = Promise.withResolvers<void>();
  let block = 0;
  let filled = 0;
  worker.on("message", (message: unknown) => {
    const said = Said.parse(message);
    if ("digest" in said) return digest.resolve(said.digest);
    free.push(said.block);
    freed.resolve();
  });
  worker.on("error", digest.reject);
  worker.on("exit", () => digest.reject(new Error(`the thread of the ${algorithm} ended`)));
  const pass = async () => {
    worker.postMessage({ block, bytes: filled, last: false });
    filled = 0;
    while (free.length === 0) {
      freed = Promise.withResolvers();
      await Promise.race([freed.promise, digest.promise]);
    }
    block = free.shift() ?? 0;
  };
  return {
    update: async (data) => {
      for (let at = 0; at < data.length; ) {
        const part = data.subarray(at, at + blockBytes - filled);
        shared.set(part, block * blockBytes + filled);
        at += part.length;
        filled += part.length;
        if (filled === blockBytes) await pass();
      }
    },
    digest: async () => {
      worker.postMessage({ block, bytes: filled, last: true });
      return await digest.promise;
    },
    close: () => void worker.terminate(),
  };
}

function startWorker(workerData: Record<string, unknown>): Worker {
  // It holds nothing but a hash.
  const resourceLimits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 };
  return new Worker(program, { eval: true, workerData, resourceLimits, execArgv: [], env: {} });
}

const Said = z.union([z.object({ block: z.number() }), z.object({ digest: z.string() })]);
