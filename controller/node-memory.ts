// The memory of a Node: what has to be known of it from one evaluation to the next. It ends with the Node, also when another of its name follows.
import type { NodeObject } from "./cluster/node-objects.ts";
import type { BootImageCheck } from "./decide/boot-image-check.ts";
import type { Candidate } from "./decide/settle.ts";
import type { Verdict } from "./decide/verdict.ts";

export interface Remembered {
  uid: string;
  candidate: Candidate | null;
  /** Milliseconds: since when it has had no agent's pod; null while it has one. */
  missedSince: number | null;
  /** The last boot-image check, and the Machine and boot that it was of. */
  check: (BootImageCheck & { of: string }) | null;
}

export interface NodeMemory {
  of: (node: Pick<NodeObject, "name" | "uid">) => Remembered;
  /** True if it is another than before. */
  publish: (name: string, verdict: Verdict) => boolean;
  /** True if there was a verdict. */
  forget: (name: string) => boolean;
}

/** `verdicts`: those of record, which are filled in here. */
export function createNodeMemory(verdicts: Map<string, Verdict>): NodeMemory {
  const remembered = new Map<string, Remembered>();
  const forget = (name: string) => {
    remembered.delete(name);
    return verdicts.delete(name);
  };
  return {
    of: ({ name, uid }) => {
      const known = remembered.get(name);
      if (known?.uid === uid) return known;
      forget(name);
      const fresh = { uid, candidate: null, missedSince: null, check: null };
      remembered.set(name, fresh);
      return fresh;
    },
    publish: (name, verdict) => {
      const before = verdicts.get(name);
      const same =
        before?.verdict === verdict.verdict &&
        before.reason === verdict.reason &&
        before.message === verdict.message &&
        before.bootImage === verdict.bootImage;
      verdicts.set(name, verdict);
      return !same;
    },
    forget,
  };
}
