// The newcomer: how a Machine stands, from its creation on.
import { expect, test } from "vitest";
import { type NewcomerFacts, type Outcome, outcomeOf } from "../../../controller/decide/newcomer.ts";

const created = Date.parse("2026-11-20T10:00:00Z");
const facts: NewcomerFacts = {
  phase: "Provisioned",
  createdAt: "2026-11-20T10:00:00Z",
  joined: false,
  verdict: undefined,
  found: { verdict: false, bootImageCheck: false },
  first: false,
};
const joined = { joined: true, phase: "Running" };

test.each<[string, Partial<NewcomerFacts>, number, Outcome]>([
  ["just created", { phase: undefined }, 0, "Underway"],
  ["no Node yet", {}, 44, "Underway"],
  ["still none", {}, 45, "NotInTime"],
  ["failed", { phase: "Failed" }, 1, "Failed"],
  ["failed long ago", { phase: "Failed", first: true }, 99_999, "Failed"],
  ["deleted", { phase: "Deleting" }, 99, "Settled"],
  ["joining", { ...joined, verdict: "Unknown" }, 20, "Underway"],
  ["still joining", { ...joined, verdict: "Unknown" }, 45, "NotInTime"],
  ["updating", { ...joined, verdict: "Updating" }, 20, "Underway"],
  ["Verified", { ...joined, verdict: "Verified" }, 20, "Verified"],
  ["Verified, if late", { ...joined, verdict: "Verified" }, 60, "Verified"],
  ["wrong", { ...joined, verdict: "Mismatch" }, 20, "Mismatch"],
  ["Windows", { ...joined, verdict: null }, 20, "Settled"],
  ["an old Machine at the installation", { ...joined, first: true }, 9_999, "Settled"],
  ["an old one that never joined", { first: true }, 9_999, "NotInTime"],
  [
    "an old one that was judged before",
    { ...joined, first: true, verdict: "Unknown", found: { verdict: true, bootImageCheck: true } },
    9_999,
    "Settled",
  ],
  [
    "an old one that an earlier controller saw, and never judged",
    { ...joined, first: true, verdict: "Unknown", found: { verdict: true, bootImageCheck: false } },
    9_999,
    "NotInTime",
  ],
  ["a new one at the first look", { ...joined, first: true, verdict: "Unknown" }, 20, "Underway"],
])("%s", (...[, over, minutes, expected]) => {
  const now = created + minutes * 60_000;
  expect(outcomeOf({ ...facts, ...over }, { deadline: 45 * 60_000, now })).toBe(expected);
});
