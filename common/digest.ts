// The digest of a stream, as its bytes pass.
import { createHash } from "node:crypto";

export type DigestAlgorithm = "sha1" | "sha256";

export interface Digest {
  /** The bytes may be changed when it resolves. One at a time. */
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
