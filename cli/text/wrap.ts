// The wrapping of spans into lines: between words; only a word that is longer than a line is broken.
import { type Span, spansOf, type Words } from "./span.ts";
import { cut, widthOf } from "./width.ts";

export type Line = Span[];

/** Lines of at most `width` columns; null: one line, however long. */
export function wrap(words: Words, width: number | null): Line[] {
  const spans = spansOf(words);
  if (width === null) return [spans];
  const lines: Line[] = [[]];
  let used = 0;
  const put = (span: Span) => {
    lines.at(-1)?.push(span);
    used += widthOf(span.text);
  };
  for (const piece of pieces(spans, Math.max(1, width))) {
    const blank = /^ +$/.test(piece.text);
    if (used > 0 && used + widthOf(piece.text) > width) {
      lines.push([]);
      used = 0;
    }
    if (!(blank && used === 0 && lines.length > 1)) put(piece);
  }
  return lines.map(trimmed);
}

/** Words and the spaces between them, each of its span's role; words that are too long in parts. */
function* pieces(spans: readonly Span[], width: number): Generator<Span> {
  for (const { text, role } of spans) {
    for (const word of text.match(/ +|[^ ]+/g) ?? []) {
      let rest = word;
      while (widthOf(rest) > width) {
        // Without the mark of a cut: nothing is left out.
        const part = cut(rest, width + 1).slice(0, -1) || rest.slice(0, 1);
        yield { text: part, role };
        rest = rest.slice(part.length);
      }
      if (rest !== "") yield { text: rest, role };
    }
  }
}

function trimmed(line: Line): Line {
  const end = line.findLastIndex(({ text }) => text.trim() !== "");
  return line.slice(0, end + 1);
}
