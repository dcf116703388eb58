// The closest word.
import { expect, test } from "vitest";
import { closest, hint } from "../../cli/did-you-mean.ts";

const words = ["status", "nodes", "plan", "explain", "rollback", "hold", "resume"];

test.each([
  ["statsu", "status"],
  ["STATUS", "status"],
  ["node", "nodes"],
  ["rolback", "rollback"],
  ["roll-back", "rollback"],
  ["explian", "explain"],
  ["reusme", "resume"],
  ["get", undefined],
  ["", undefined],
  ["delete", undefined],
])("%j means %j", (typed, word) => {
  expect(closest(typed, words)).toBe(word);
});

test("a hint is a sentence, or nothing", () => {
  expect([hint("hodl", words), hint("get", words)]).toEqual([" Did you mean hold?", ""]);
});

test("what is endless is looked at in no time", () => {
  const named = "y".repeat(5_000);
  expect(closest("x".repeat(10_000_000), [named]) === named).toBe(false);
});
