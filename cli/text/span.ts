// The span: a piece of text with the role that it plays; it gets its colour only when it is printed.
import { oneLine } from "../../common/one-line.ts";

export type Role = "good" | "warn" | "bad" | "dim" | "strong";

export interface Span {
  text: string;
  role: Role | null;
}

/** What views say: text of whoever, some of it with a role. */
export type Words = string | Span | readonly (string | Span)[];

export const good = (text: string): Span => ({ text, role: "good" });
export const warn = (text: string): Span => ({ text, role: "warn" });
export const bad = (text: string): Span => ({ text, role: "bad" });
export const dim = (text: string): Span => ({ text, role: "dim" });
export const strong = (text: string): Span => ({ text, role: "strong" });

/** The longest message of the status is 4,000 characters. */
const longest = 5000;

/**
 * The words as spans of printable text: whatever annotations, messages and names of the cluster hold, no control character,
 * line break or mark of direction of theirs reaches the terminal. Spaces between spans stay.
 */
export function spansOf(words: Words): Span[] {
  const all = Array.isArray(words) ? words : [words];
  return all.map((one: string | Span) => {
    const { text, role } = typeof one === "string" ? { text: one, role: null } : one;
    return { text: printable(text), role };
  });
}

/** The same of a plain text. */
export function printable(text: string): string {
  const inner = oneLine(text, longest);
  const before = " ".repeat(spacesAt(text, 1));
  return inner === "" ? before : before + inner + " ".repeat(spacesAt(text, -1));
}

/** More is nobody's margin. */
const mostSpaces = 40;

/** How many spaces the text begins with (1), or ends with (-1). */
function spacesAt(text: string, step: 1 | -1): number {
  let count = 0;
  while (count < mostSpaces && text.at(step === 1 ? count : -1 - count) === " ") count++;
  return count;
}
