// The performance of a story: chapter after chapter, up to the first that does not come true.
import type { Stage } from "./stage.ts";

export interface Chapter<S = Stage> {
  title: string;
  /** Throws when what it promises does not come true. */
  play: (stage: S) => Promise<void>;
}

/** A chapter that did not come true; its message names it and says why. */
export class ChapterError extends Error {
  override name = "ChapterError";
}

/** Plays the chapters in order; `announce` is told of each. Throws ChapterError. */
export async function perform<S>(
  chapters: readonly Chapter<S>[],
  stage: S,
  announce: (number: number, title: string) => void,
): Promise<void> {
  for (const [index, { title, play }] of chapters.entries()) {
    announce(index + 1, title);
    try {
      await play(stage);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ChapterError(`Step ${index + 1} "${title}" did not come true: ${why}`, { cause });
    }
  }
}
