// The wrapping of spans.
import fc from "fast-check";
import { expect, test } from "vitest";
import { bad, type Words } from "../../../cli/text/span.ts";
import { widthOf } from "../../../cli/text/width.ts";
import { wrap } from "../../../cli/text/wrap.ts";

const lines = (words: Words, width: number | null) =>
  wrap(words, width).map((line) => line.map(({ text }) => text).join(""));

test("breaks between words, and drops the spaces there", () => {
  expect(lines("the first Machine of a new template", 12)).toEqual(["the first", "Machine of a", "new template"]);
});

test("breaks a word that is longer than a line, and loses nothing of it", () => {
  expect(lines("sha256:0123456789abcdef end", 10)).toEqual(["sha256:012", "3456789abc", "def end"]);
});

test("keeps the role of each piece, also across a break", () => {
  const broken = wrap(["is ", bad("badly broken"), "."], 9);
  expect(
    broken.map((line) =>
      line
        .filter(({ role }) => role === "bad")
        .map(({ text }) => text.trim())
        .filter(Boolean),
    ),
  ).toEqual([["badly"], ["broken"]]);
});

test("without a width it is one line", () => {
  expect(lines("x ".repeat(500), null)).toHaveLength(1);
});

test("nothing is one empty line", () => {
  expect(lines("", 10)).toEqual([""]);
});

test("no line is wider than asked for, and every character is there in its order", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 40 }), { maxLength: 6 }),
      fc.integer({ min: 2, max: 40 }),
      (texts, width) => {
        const all = lines(texts, width);
        for (const line of all) expect(widthOf(line)).toBeLessThanOrEqual(width);
        const letters = (text: string) => text.replace(/[^!-~]/g, "");
        expect(letters(all.join(""))).toBe(letters(lines(texts, null).join("")));
      },
    ),
  );
});
