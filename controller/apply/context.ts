// The context of a step with effects: what ends it, and whom it tells how far it is.
import type { Log } from "../../common/log.ts";

export interface Progress {
  stage: "Importing" | "Cloning";
  /** 0 to 100. */
  percent: number;
  bytesDone: number;
  /** Null where only vCenter knows. */
  bytesTotal: number | null;
}

export interface Context {
  signal: AbortSignal;
  log: Log;
  /** Called often: several times a second. */
  onProgress: (progress: Progress) => void;
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
