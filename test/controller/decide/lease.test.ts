// The lease: when it may be taken, has to be renewed and is lost; and that no two contenders ever act together.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Candidacy,
  held,
  type LeaseRecord,
  lastMoment,
  mayAct,
  newCandidacy,
  nextMove,
  seen,
  tried,
} from "../../../controller/decide/lease.ts";
import { contend, times } from "./contenders.ts";

const self = "me";
const others: LeaseRecord = { holder: "other", version: "1", duration: 137_000 };
const free: LeaseRecord = { holder: null, version: "2", duration: 1_000 };
const mine: LeaseRecord = { holder: self, version: "3", duration: 137_000 };
const follower = seen(newCandidacy, others, { self, now: 1_000 });
const leader = held(seen(newCandidacy, null, { self, now: 900 }), mine, 1_000);

function at(candidacy: Candidacy, now: number) {
  return nextMove(candidacy, { self, now }, times);
}

describe("a follower", () => {
  test.each<[string, Candidacy, [now: number, move: object]]>([
    ["has not looked yet", newCandidacy, [0, { kind: "Wait", milliseconds: 5_200 }]],
    ["sees that there is no lease", seen(newCandidacy, null, { self, now: 5 }), [5, { kind: "Acquire" }]],
    ["sees one that was given back", seen(follower, free, { self, now: 9_000 }), [9_000, { kind: "Acquire" }]],
    [
      "sees its own, of which it had no answer",
      seen(follower, mine, { self, now: 9_000 }),
      [9_000, { kind: "Acquire" }],
    ],
    ["sees another's for the first time", follower, [1_000, { kind: "Wait", milliseconds: 26_000 }]],
    ["has seen another's for a while", follower, [130_000, { kind: "Wait", milliseconds: 8_000 }]],
    ["has seen another's unchanged as long as it lasts", follower, [138_000, { kind: "Acquire" }]],
    ["has just failed to acquire it", tried(follower, 138_000), [138_000, { kind: "Wait", milliseconds: 5_200 }]],
  ])("%s", (_, candidacy, [now, move]) => {
    expect(at(candidacy, now)).toEqual(move);
  });

  test("does not wait after a race that it lost, when the winner gives it back", () => {
    const raced = seen(tried(seen(newCandidacy, null, { self, now: 0 }), 0), others, { self, now: 10 });
    expect(at(seen(raced, free, { self, now: 20 }), 20)).toEqual({ kind: "Acquire" });
  });

  test("counts anew from each change, by its own clock", () => {
    const renewed = seen(follower, { ...others, version: "9" }, { self, now: 100_000 });
    expect(at(renewed, 138_000)).toEqual({ kind: "Wait", milliseconds: 26_000 });
    expect(at(renewed, 237_000)).toEqual({ kind: "Acquire" });
  });

  test("does not count anew from a look that shows the same", () => {
    expect(at(seen(follower, { ...others }, { self, now: 130_000 }), 138_000)).toEqual({ kind: "Acquire" });
  });

  test("waits as long as the holder was promised, not as long as it would be itself", () => {
    const long = seen(newCandidacy, { ...others, duration: 600_000 }, { self, now: 0 });
    expect(at(long, 599_000)).toEqual({ kind: "Wait", milliseconds: 1_000 });
  });

  test("does not take a lease that was deleted under its holder before that has noticed", () => {
    const deleted = seen(follower, null, { self, now: 10_000 });
    expect(at(deleted, 146_000)).toEqual({ kind: "Wait", milliseconds: 1_000 });
    expect(at(deleted, 147_000)).toEqual({ kind: "Acquire" });
  });
});

describe("the holder", () => {
  test.each<[string, Candidacy, [now: number, move: object]]>([
    ["waits", leader, [2_000, { kind: "Wait", milliseconds: 25_000 }]],
    ["renews in time", leader, [27_000, { kind: "Renew" }]],
    ["tries again soon after a failure", tried(leader, 27_000), [30_000, { kind: "Wait", milliseconds: 2_200 }]],
    ["tries to the end", tried(leader, 104_000), [107_000, { kind: "Wait", milliseconds: 1_000 }]],
    ["gives up in time", tried(leader, 104_000), [108_000, { kind: "Lost", why: "Late" }]],
    ["wakes after a day", leader, [86_400_000, { kind: "Lost", why: "Late" }]],
    ["sees another's name", seen(leader, others, { self, now: 2_000 }), [2_000, { kind: "Lost", why: "Taken" }]],
    ["sees nobody's name", seen(leader, free, { self, now: 2_000 }), [2_000, { kind: "Lost", why: "Taken" }]],
    [
      "sees its own, renewed",
      seen(leader, { ...mine, version: "4" }, { self, now: 2_000 }),
      [27_000, { kind: "Renew" }],
    ],
    ["makes a lease anew that was deleted", seen(leader, null, { self, now: 2_000 }), [27_000, { kind: "Renew" }]],
  ])("%s", (_, candidacy, [now, move]) => {
    expect(at(candidacy, now)).toEqual(move);
  });

  test("counts from the moment before its request was sent", () => {
    const renewed = held(leader, { ...mine, version: "4" }, 50_000);
    expect([mayAct(renewed, 156_999, times), mayAct(renewed, 157_000, times)]).toEqual([true, false]);
    expect(mayAct(follower, 1_000, times)).toBe(false);
  });

  test("has time to clean up, which ends before another may begin", () => {
    expect(lastMoment(leader, times)).toBe(132_000);
    expect(lastMoment(leader, times)).toBeLessThan(1_000 + times.duration);
    expect(lastMoment(follower, times)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe("of two or three contenders whose clocks differ, who are held up, killed and cut off", () => {
  const trouble = fc.record({
    contenders: fc.integer({ min: 2, max: 3 }),
    seed: fc.integer(),
    length: fc.constant(3_000_000),
  });

  test("never two act at the same time, nor does one clean up while another acts; and one acts in the end", () => {
    let terms = 0;
    fc.assert(
      fc.property(trouble, (own) => {
        const course = contend(own);
        terms += course.terms;
        expect(course.clashes).toEqual([]);
        expect(course.acting).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
    // Else nothing was tried.
    expect(terms).toBeGreaterThan(1_500);
  });
});
