// The question on a terminal.
import { createInterface } from "node:readline/promises";

interface Streams {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

/** True for "y" or "yes"; false for everything else, Ctrl-D and Ctrl-C. */
export async function ask(question: string, { input, output }: Streams, signal: AbortSignal): Promise<boolean> {
  const line = createInterface({ input, output });
  // readline takes Ctrl-C for itself while it asks.
  line.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const closed = new Promise<string>((resolve) => line.once("close", () => resolve("")));
  const answer = await Promise.race([line.question(question, { signal }).catch(() => ""), closed]);
  line.close();
  return /^y(es)?$/i.test(answer.trim());
}
