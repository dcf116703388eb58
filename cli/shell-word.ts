// The shell word: text of the cluster, quoted where a shell would make something else of it.
import { oneLine } from "../common/one-line.ts";

export function shellWord(text: string): string {
  const word = oneLine(text, 300);
  return /^[\w.,:/@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
