// The width of text on a terminal.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cut, pad, widthOf } from "../../../cli/text/width.ts";

describe("widthOf", () => {
  test.each([
    ["", 0],
    ["worker-a", 8],
    ["Größe", 5],
    ["e\u0301", 1],
    ["節点", 4],
    ["ｗ", 2],
    ["👍", 2],
    ["한국", 4],
    ["…", 1],
  ])("of %j is %i", (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

describe("cut", () => {
  test.each([
    ["short", 8, "end", "short"],
    ["lab-7x2kq-worker-a", 10, "end", "lab-7x2kq…"],
    ["lab-7x2kq-rhcos-fd-east-a-9.8.20261116-0", 17, "middle", "lab-7x2k…261116-0"],
    ["節点節点", 5, "end", "節点…"],
    ["節点節点", 4, "end", "節…"],
    ["abc", 1, "end", "…"],
    ["abc", 0, "end", ""],
    ["👍👍👍", 3, "middle", "…"],
  ] as const)("of %j to %i at the %s is %j", (...[text, width, where, result]) => {
    expect(cut(text, width, where)).toBe(result);
  });

  test("is never wider than asked for, and whole where it fits", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.nat(30),
        fc.constantFrom<"end" | "middle">("end", "middle"),
        (...[text, width, where]) => {
          const result = cut(text, width, where);
          expect(widthOf(result)).toBeLessThanOrEqual(width);
          if (widthOf(text) <= width) expect(result).toBe(text);
        },
      ),
    );
  });
});

test("pad fills up on the other side, and cuts nothing", () => {
  expect([pad("a", 3), pad("a", 3, "right"), pad("abcd", 3)]).toEqual(["a  ", "  a", "abcd"]);
});
