// The embedded JSON: one object out of lines that hold other things as well.
import { HostError } from "../host/status.ts";
import type { Line } from "./line.ts";

/**
 * The object that begins with the first brace: as it stands, without the prefixes of logs, without the lines that are no JSON, or with the
 * lines that a terminal broke put together.
 * Throws HostError (UnreadableOutput).
 */
export function jsonIn(lines: Line[]): unknown {
  const texts = [
    () => lines.map(({ raw }) => raw).join("\n"),
    () => lines.map(({ text }) => text).join("\n"),
    () => lines.flatMap(({ text }) => (isJson(text) ? [text] : [])).join("\n"),
    () => lines.map(({ raw }) => raw).join(""),
  ];
  let isCut = true;
  for (const text of texts) {
    const json = firstObject(text());
    isCut &&= json === null;
    const value = json === null ? undefined : parse(json);
    if (value !== undefined) return value;
  }
  throw new HostError("UnreadableOutput", `The JSON of the status ${isCut ? "is cut off" : "cannot be read"}.`);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** A line of the pretty JSON that rpm-ostree and jq print. */
function isJson(line: string): boolean {
  return /^\s*(?:"|[{}\]]|\[\s*(?:$|["[{\]\d-])|(?:-?\d[\d.eE+-]*|true|false|null)\s*,?$)/.test(line);
}

/** Null when its end is missing. One look at each character, and none at what stands in strings. */
function firstObject(text: string): string | null {
  const start = text.indexOf("{");
  if (start < 0) return null;
  const mark = /["{}[\]]/g;
  mark.lastIndex = start;
  let depth = 0;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    if (match[0] === '"') mark.lastIndex = endOfString(text, match.index);
    else depth += match[0] === "{" || match[0] === "[" ? 1 : -1;
    if (depth === 0) return text.slice(start, mark.lastIndex);
  }
  return null;
}

/** The place behind the closing quote; the end of the text when there is none. */
function endOfString(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
