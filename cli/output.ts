// The output: text onto a stream, also where its reader goes away in the middle.

export interface Output {
  /** Resolves when the text is with the system, or nobody reads any more. */
  write: (text: string) => Promise<void>;
  /** Aborts when nobody reads any more; that, e.g. by `| head`, is no failure. */
  unread: AbortSignal;
}

export function createOutput(stream: NodeJS.WritableStream): Output {
  const unread = new AbortController();
  stream.on("error", () => unread.abort());
  const write = async (text: string) => {
    if (unread.signal.aborted || text === "") return;
    await new Promise<void>((written) => stream.write(text, () => written()));
  };
  return { write, unread: unread.signal };
}
