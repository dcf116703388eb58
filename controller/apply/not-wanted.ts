// The end of a step that nobody asks for any more: the reason of its signal, so that it clears away what is finished, too.

export class NotWanted extends Error {
  constructor() {
    super("the step is not asked for any more");
    this.name = new.target.name;
  }
}

/** Whether the signal was aborted because what goes on under it is not asked for any more. */
export function isNotWanted(signal: AbortSignal): boolean {
  return signal.reason instanceof NotWanted;
}
