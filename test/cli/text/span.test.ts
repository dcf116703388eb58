// The span: what of a hostile text reaches the terminal.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bad, printable, spansOf } from "../../../cli/text/span.ts";

describe("printable", () => {
  test.each([
    ["a clear screen", "\u001b[2J\u001b[Hgone", " [2J [Hgone".trim()],
    ["a C1 sequence", "x\u009b31mred", "x 31mred"],
    ["a line break", "one\r\ntwo", "one two"],
    ["a title", "\u001b]0;title\u0007x", "]0;title x"],
    ["marks of direction", "safe\u202egnp.exe", "safe gnp.exe"],
    ["nothing visible", "\u200b\u200b", ""],
    ["half a surrogate", "a\ud800b", "a b"],
    ["a password in a URL", "https://admin:secret@vcenter/sdk", "https://vcenter/sdk"],
  ])("takes %s out", (_, text, result) => {
    expect(printable(text)).toBe(result);
  });

  test("keeps the spaces around, by which spans are joined", () => {
    expect(printable("  : is ")).toBe("  : is ");
  });

  test("leaves nothing that a terminal obeys, whatever comes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });

  test("bounds what is endless", () => {
    expect(printable("x".repeat(1_000_000)).length).toBeLessThanOrEqual(5000);
  });
});

test("spans of words keep their roles", () => {
  expect(spansOf(["a ", bad("b\nc")])).toEqual([
    { text: "a ", role: null },
    { text: "b c", role: "bad" },
  ]);
  expect(spansOf("a")).toEqual([{ text: "a", role: null }]);
  expect(spansOf(bad("a"))).toEqual([{ text: "a", role: "bad" }]);
});
