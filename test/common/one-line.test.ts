// The one line: whatever somebody else's text holds, one printable line comes out.
import fc from "fast-check";
import { expect, test } from "vitest";
import { oneLine } from "../../common/one-line.ts";

test.each([
  ["text", "a b", "a b"],
  ["lines", "a\r\nb\n\n  c\td", "a b c d"],
  ["white space around", "  \n a \n ", "a"],
  ["nothing", "", ""],
  ["controls and escapes", "\u001b[31mred\u001b[0m\u0000\u0007", "[31mred [0m"],
  ["separators of Unicode", "a\u2028b\u2029c\u0085d\u00a0e", "a b c d e"],
  ["a text that turns the line around", "a\u202eb\u200bc", "a b c"],
  ["half a character", "a\ud800b", "a b"],
  ["whole characters beyond the basic plane", "a😀b", "a😀b"],
  ["a password in a URL", "GET https://user:p%40ss@vc.example.com/sdk failed", "GET https://vc.example.com/sdk failed"],
  ["passwords in two URLs", "a://u:p@h b://u:p@h", "a://h b://h"],
  ["a password with a slash or a blank encoded", "ftp://u:a%2Fb%20c@h/x", "ftp://h/x"],
  ["an address of mail, which is no URL", "write to a@b.example", "write to a@b.example"],
])("%s", (_, text, expected) => {
  expect(oneLine(text)).toBe(expected);
});

test.each([
  ["abcd", 4, "abcd"],
  ["abcde", 4, "abc…"],
  ["😀😀😀", 2, "😀…"],
  ["abc", 1, "…"],
])("%s in at most %i characters", (text, limit, expected) => {
  expect(oneLine(text, limit)).toBe(expected);
});

test("a password is taken out also where the limit cuts", () => {
  for (let limit = 1; limit < 60; limit++)
    expect(oneLine("look at https://user:t0p-s3cret@vc.example.com/sdk", limit)).not.toMatch(/t0p|s3c/);
});

test("a password that the limit of what is read cuts in two is no less out", () => {
  for (let before = 0; before < 200; before++)
    expect(oneLine(`${" ".repeat(before)}https://user:t0p-s3cret@vc.example.com`, 20)).not.toContain("t0");
});

test("any text gives one printable line within the limit, and it is its own one line", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.integer({ min: 1, max: 100 }), (text, limit) => {
      const line = oneLine(text, limit);
      expect(Array.from(line).length).toBeLessThanOrEqual(limit);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect(oneLine(line, limit)).toBe(line);
    }),
  );
});

test("a huge text is cut before it is worked on", () => {
  expect(oneLine("\n".repeat(50_000_000), 500)).toBe("");
  expect(oneLine("//".repeat(25_000_000), 500)).toHaveLength(500);
});
