// The memory of a Node: kept while the Node is the same, gone with it.
import { beforeEach, expect, test } from "vitest";
import type { Verdict } from "../../controller/decide/verdict.ts";
import { createNodeMemory } from "../../controller/node-memory.ts";

const verdict: Verdict = {
  verdict: "Verified",
  reason: "DigestMatch",
  message: "m",
  bootImageCheck: "Match",
  bootImageMessage: "b",
  osDigest: "0123456789abcdef",
  bootImage: "9.6",
};

let verdicts: Map<string, Verdict>;

beforeEach(() => {
  verdicts = new Map();
});

test("what is written into it is found again", () => {
  const memory = createNodeMemory(verdicts);
  memory.of({ name: "n", uid: "1" }).missedSince = 7;
  expect(memory.of({ name: "n", uid: "1" }).missedSince).toBe(7);
});

test("of a Node nothing is left when another has its name: no verdict, no check, no patience", () => {
  const memory = createNodeMemory(verdicts);
  Object.assign(memory.of({ name: "n", uid: "1" }), {
    candidate: { candidate: "c", since: 1 },
    missedSince: 7,
    check: { of: "m b", check: "Match", message: "" },
  });
  memory.publish("n", verdict);
  expect(memory.of({ name: "n", uid: "2" })).toEqual({ uid: "2", candidate: null, missedSince: null, check: null });
  expect(verdicts.size).toBe(0);
});

test("a verdict is news when it is the first, or says something else", () => {
  const memory = createNodeMemory(verdicts);
  memory.of({ name: "n", uid: "1" });
  expect(memory.publish("n", verdict)).toBe(true);
  expect(memory.publish("n", { ...verdict })).toBe(false);
  const others: Partial<Verdict>[] = [
    { verdict: "Unknown" },
    { reason: "ReferenceMatch" },
    { message: "" },
    { bootImage: null },
  ];
  for (const other of others) {
    expect(memory.publish("n", { ...verdict, ...other })).toBe(true);
    expect(memory.publish("n", verdict)).toBe(true);
  }
  expect(verdicts.get("n")).toEqual(verdict);
});

test("forgetting tells whether there was a verdict", () => {
  const memory = createNodeMemory(verdicts);
  expect(memory.forget("n")).toBe(false);
  memory.of({ name: "n", uid: "1" }).missedSince = 7;
  memory.publish("n", verdict);
  expect(memory.forget("n")).toBe(true);
  expect(memory.of({ name: "n", uid: "1" }).missedSince).toBeNull();
});
