// The screen: blocks of a view as text, in the width and the colours of the terminal, or plain for a pipe.
import { type Role, type Span, spansOf, type Words } from "./span.ts";
import { type Table, tableLines } from "./table.ts";
import { pad, widthOf } from "./width.ts";
import { type Line, wrap } from "./wrap.ts";

export type Block =
  | { kind: "text"; words: Words; indent?: number }
  /** `mark` stands before the first line, the others begin below what it says. */
  | { kind: "item"; mark: Words; words: Words }
  | { kind: "fields"; fields: readonly Field[] }
  | ({ kind: "table" } & Table)
  /** Never wrapped nor cut, so that it can be copied. */
  | { kind: "command"; text: string }
  | { kind: "gap" };

export interface Field {
  label: string;
  words: Words;
}

export interface Look {
  /** Columns; null: nothing is wrapped or cut. */
  width: number | null;
  colour: boolean;
}

export const gap: Block = { kind: "gap" };
export const text = (words: Words, indent = 0): Block => ({ kind: "text", words, indent });
export const item = (mark: Words, words: Words): Block => ({ kind: "item", mark, words });
export const command = (line: string): Block => ({ kind: "command", text: line });

/** Below that, wrapping makes things worse. */
const narrowest = 20;

/** The text of the blocks, ending in a line break; no two gaps in a row. */
export function screen(blocks: readonly Block[], { width, colour }: Look): string {
  const columns = width === null ? null : Math.max(narrowest, width);
  const lines = blocks.flatMap((block) => linesOf(block, columns));
  const tidy = lines.filter((line, at) => line.length > 0 || (at > 0 && (lines[at - 1]?.length ?? 0) > 0));
  return tidy.map((line) => `${printed(line, colour)}\n`).join("");
}

function linesOf(block: Block, width: number | null): Line[] {
  switch (block.kind) {
    case "gap":
      return [[]];
    case "text":
      return hanging([{ text: " ".repeat(block.indent ?? 0), role: null }], block.words, width);
    case "item":
      return hanging(spansOf(block.mark), block.words, width);
    case "fields":
      return fieldLines(block.fields, width);
    case "table":
      return tableLines(block, width);
    case "command":
      return [[{ text: `     ${block.text}`, role: "strong" }]];
  }
}

function fieldLines(fields: readonly Field[], width: number | null): Line[] {
  const label = Math.max(0, ...fields.map((field) => widthOf(field.label))) + 2;
  return fields.flatMap((field) => hanging([{ text: pad(field.label, label), role: "dim" }], field.words, width));
}

function hanging(mark: readonly Span[], words: Words, width: number | null): Line[] {
  const margin = mark.reduce((total, { text: one }) => total + widthOf(one), 0);
  if (width !== null && width - margin < narrowest / 2) {
    // Beside the mark there is no room.
    const below = wrap(words, width - 2).map((line) => [{ text: "  ", role: null }, ...line]);
    return [...wrap(mark, width), ...below];
  }
  const lines = wrap(words, width === null ? null : width - margin);
  return lines.map((line, at) => [...(at === 0 ? mark : [{ text: " ".repeat(margin), role: null }]), ...line]);
}

const codes: Record<Role, number> = { good: 32, warn: 33, bad: 31, dim: 2, strong: 1 };

function printed(line: Line, colour: boolean): string {
  if (!colour)
    return line
      .map((span) => span.text)
      .join("")
      .trimEnd();
  const runs: Span[] = [];
  for (const { text: one, role } of line) {
    const last = runs.at(-1);
    if (last !== undefined && last.role === role) runs[runs.length - 1] = { text: last.text + one, role };
    else runs.push({ text: one, role });
  }
  return runs
    .map(({ text: one, role }) => (role === null ? one : `\u001b[${codes[role]}m${one}\u001b[0m`))
    .join("")
    .trimEnd();
}
