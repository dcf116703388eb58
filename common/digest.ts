// The digest of a stream, as its bytes pass.
import { createHash } from "node:crypto";

export type DigestAlgorithm = "sha1" | "sha256";

export interface Digest {
  /**
   * Resolves when more may come: one at a time. The bytes may be changed then, but for those of shared blocks, which it holds as long as
   * it needs them.
   */
  update: (data: Buffer) => Promise<void>;
  /** Lower-case hex of all bytes; nothing may follow. */
  end: () => Promise<string>;
}

/** Computed in the event loop: for what is small, or where nothing else is to be done. See hash-thread.ts for the other way. */
export function plainDigest(algorithm: DigestAlgorithm): Digest {
  const hash = createHash(algorithm);
  return {
    update: async (data) => {
      hash.update(data);
    },
    end: async () => hash.digest("hex"),
  };
}
