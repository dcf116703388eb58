// The contest: reverts of our moves are counted, tried ever later, and given up after the third.
import { expect, test } from "vitest";
import { type Contest, type ContestInput, contest } from "../../../controller/decide/contest.ts";

const start = Date.parse("2026-11-20T10:00:00Z");
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const moved = { template: "new", at: at(0) };

function found(over: Partial<ContestInput>, seconds = 60): Contest {
  return contest({
    memory: { moved, contested: null },
    template: "old",
    writtenBy: "argocd-controller",
    wanted: true,
    dead: false,
    resumedAt: null,
    pause: 60_000,
    now: start + seconds * 1000,
    ...over,
  });
}

const one = { times: 1, manager: "argocd-controller", last: at(60) };

test("nothing moved, nothing contested", () => {
  const none = { moved: null, contested: null };
  expect(found({ memory: none })).toEqual({ memory: none, standing: "Free", until: null });
});

test("in the first seconds after a move the API server's news may not have come", () => {
  expect(found({}, 4)).toEqual({ memory: { moved, contested: null }, standing: "Fresh", until: start + 5_000 });
  // What was read before the move began to be made says nothing either.
  expect(found({}, -30).standing).toBe("Fresh");
});

test("a revert is counted once, with who did it", () => {
  const first = found({});
  expect(first).toEqual({
    memory: { moved: null, contested: one },
    standing: "Resting",
    until: start + 120_000,
  });
  expect(found({ memory: first.memory }, 61).memory).toEqual(first.memory);
});

test.each([
  [1, 59, "Resting"],
  [1, 61, "Free"],
  [2, 299, "Resting"],
  [2, 301, "Free"],
  [3, 1_000_000, "Contested"],
  [7, 1_000_000, "Contested"],
] as const)("%i reverts, %i s after the last: %s", (times, seconds, expected) => {
  const memory = { moved: null, contested: { ...one, times, last: at(0) } };
  expect(found({ memory }, seconds).standing).toBe(expected);
});

test("the third revert is the last", () => {
  const memory = { moved, contested: { ...one, times: 2, last: at(-100) } };
  expect(found({ memory })).toMatchObject({ standing: "Contested", memory: { contested: { times: 3, last: at(60) } } });
});

test("a dead template is put right at once, but not for ever", () => {
  expect(found({ dead: true })).toMatchObject({ standing: "Free", memory: { contested: { times: 1 } } });
  const memory = { moved, contested: { ...one, times: 2 } };
  expect(found({ dead: true, memory }).standing).toBe("Contested");
});

test.each(["new", "/dc/vm/folder/new"])("%s is where it was moved: no revert", (template) => {
  expect(found({ template, wanted: false }).memory).toEqual({ moved, contested: null });
  // Another target asks for the next move.
  expect(found({ template }).standing).toBe("Free");
});

test("what is not ours to move is no contest: on hold, in Observe mode, or at another template of the target", () => {
  expect(found({ wanted: false })).toEqual({
    memory: { moved: null, contested: null },
    standing: "Free",
    until: null,
  });
});

test.each([
  ["resumed after the last revert", { resumedAt: at(61) }, null],
  ["resumed before", { resumedAt: at(59) }, one],
  ["a time that is none", { resumedAt: "now" }, one],
  ["an hour at the target", { wanted: false, now: start + 3_700_000 }, null],
  ["less than an hour there", { wanted: false, now: start + 3_000_000 }, one],
] as const)("%s", (_, over, expected) => {
  const memory = { moved: null, contested: one };
  expect(found({ memory, template: "x", ...over }).memory.contested).toEqual(expected);
});

test("who did it may be unknown", () => {
  expect(found({ writtenBy: null }).memory.contested?.manager).toBe("unknown");
});
