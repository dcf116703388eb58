// Texts that are long and of an evil shape are read to their end; how much longer ten times the text takes is told by bench:parse.
import { expect, test } from "vitest";
import { readSaved } from "../../../agent/saved/saved-status.ts";
import { longTexts } from "./long-texts.ts";

// With a pattern that tries the same characters again and again, this takes minutes.
test.each(longTexts)("$name", { timeout: 20_000 }, ({ text }) => {
  expect(readSaved(text(300_000)).length).toBeGreaterThan(0);
});
