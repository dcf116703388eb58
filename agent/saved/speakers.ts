// The speakers: output of several nodes at once, each line with a name in front, taken apart into one text per name.
import type { Line } from "./line.ts";
import { nodeName } from "./markers.ts";

export interface Speech {
  /** Null when the first word of its lines is no node's name, and for the lines without such a word. */
  node: string | null;
  lines: Line[];
}

/**
 * As parallel shells, `oc adm node-logs` and log viewers print it: the same first word before every line, so before the one that begins a
 * status as well. Lines of a speaker keep their order, speakers that of their first lines; most texts have none, and are one speech.
 */
export function speechesOf(lines: Line[]): Speech[] {
  const words = new Map<string, number>();
  for (const { text } of lines) {
    const [, word, gap = ""] = spokenStart.exec(text) ?? [];
    if (word !== undefined && (nodeOf(word) !== null || /\w\W{1,3}$/.test(word))) words.set(word, gap.length);
  }
  if (words.size === 0) return [{ node: null, lines }];
  const speeches = new Map<string, Speech>();
  for (const line of lines) {
    const first = /^\S{1,253}(?= |$)/.exec(line.text)?.[0] ?? "";
    const gap = words.get(first);
    const word = gap === undefined ? "" : first;
    const speech = speeches.get(word) ?? { node: nodeOf(word), lines: [] };
    speeches.set(word, speech);
    speech.lines.push(gap === undefined ? line : spoken(line, word.length, gap));
  }
  return [...speeches.values()];
}

/** The key of pretty JSON stands in a line of its own. */
const spokenStart = /^(\S{1,253})( {1,8})(?:State: (?:idle|busy)\b|(?:\{\s*)?"deployments"\s*:)/;

function spoken({ text, cut }: Line, word: number, gap: number): Line {
  const said = text.slice(word).replace(new RegExp(`^ {0,${gap}}`), "");
  return { raw: said, text: said, cut };
}

function nodeOf(word: string): string | null {
  const name = /^\[?(?:node\/)?([^\s[\]/:|]+)[\]:|]*$/.exec(word)?.[1] ?? "";
  return nodeName.test(name) && /[:\].\d-]/.test(word) ? name : null;
}
