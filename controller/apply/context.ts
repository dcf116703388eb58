// The context of a step with effects: what ends it, and whom it tells how far it is.
import type { Log } from "../../common/log.ts";
import type { Reason } from "../../common/reasons.ts";

export interface Progress {
  stage: "Importing" | "Cloning";
  /** 0 to 100. */
  percent: number;
  bytesDone: number;
  /** Null where only vCenter knows. */
  bytesTotal: number | null;
}

/** Something that an admin should hear of a step, though the step goes on. */
export interface Notice {
  type: "Normal" | "Warning";
  reason: Reason;
  /** What, which object, and what to do. */
  message: string;
  /** Not told where the same step has told of this, which is its cause. */
  unlessTold?: Reason;
}

export interface Context {
  signal: AbortSignal;
  log: Log;
  /** Called often: several times a second. */
  onProgress: (progress: Progress) => void;
  /** Becomes one Event of the policy, and is counted by its reason. */
  onNotice: (notice: Notice) => void;
  /**
   * Inventory paths of what is being made just now, shared by steps in the same vCenter that go on side by side: one does not
   * take another's work for a leftover. Left out: nothing else is being made there.
   */
  making?: Set<string>;
  /** For the images that stream through one after the other; see `BlockOptions`. */
  spareBlocks?: Buffer[] | undefined;
}

/** Passes progress on, and logs it at every tenth. `fields` go with each line. */
export function reporter(context: Context, fields: Record<string, unknown>): (progress: Progress) => void {
  let logged = 0;
  return (progress) => {
    context.onProgress(progress);
    const tenth = Math.floor(progress.percent / 10);
    if (tenth <= logged) return;
    logged = tenth;
    context.log.info({ ...fields, ...progress }, `${progress.stage} a template: ${tenth * 10} %.`);
  };
}
