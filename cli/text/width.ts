// The width of text on a terminal, in columns, and text cut to it.

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u{3000}-\u{303e}\u{ff01}-\u{ff60}\u{ffe0}-\u{ffe6}]/u;
const none = /\p{M}/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them.
const ascii = /^[\x00-\x7f]*$/;

/** In columns. Text of ASCII, nearly all there is, takes no look at each character. */
export function widthOf(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOfOne(character);
  return width;
}

/** The text in at most `width` columns; what is left out at its end, or in its middle, leaves "…". */
export function cut(text: string, width: number, where: "end" | "middle" = "end"): string {
  if (widthOf(text) <= width) return text;
  if (width <= 1) return "…".slice(0, width);
  const tail = where === "end" ? 0 : Math.floor((width - 1) / 2);
  const characters = Array.from(text);
  return `${fill(characters, width - 1 - tail)}…${fill(characters.reverse(), tail, "back")}`;
}

export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  return align === "left" ? text + space : space + text;
}

function widthOfOne(character: string): number {
  if (none.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** As many characters from the front as fit; `back`: they come in the reverse order. */
function fill(characters: readonly string[], width: number, order: "front" | "back" = "front"): string {
  const taken: string[] = [];
  let used = 0;
  for (const character of characters) {
    used += widthOfOne(character);
    if (used > width) break;
    taken.push(character);
  }
  return (order === "front" ? taken : taken.reverse()).join("");
}
