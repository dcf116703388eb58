// The failures of steps: remembered, rested, forgiven, forgotten.
import { expect, test } from "vitest";
import { createFailures } from "../../controller/failures.ts";

const failure = { reason: "LeaseFailed", message: "no lease" } as const;

/** The failures and a clock that stands still until it is turned. */
function atTime() {
  let now = 1_700_000_000_000;
  const failures = createFailures(() => now);
  const wait = (milliseconds: number) => {
    now += milliseconds;
  };
  return { failures, wait };
}

test("nothing failed: nothing rests, nothing is to be tried", () => {
  const { failures } = atTime();
  expect(failures.resting("a")).toBe(false);
  expect(failures.nextTry()).toBeNull();
  expect([...failures.known()]).toEqual([]);
});

test("a subject that failed rests between 2.5 s and 5 s, and no other with it", () => {
  const { failures, wait } = atTime();
  failures.add(["a"], failure);
  expect(failures.resting("a")).toBe(true);
  expect(failures.resting("b")).toBe(false);
  expect(failures.known().get("a")).toMatchObject(failure);
  wait(2_400);
  expect(failures.resting("a")).toBe(true);
  wait(2_700);
  expect(failures.resting("a")).toBe(false);
  expect(failures.known().get("a")).toMatchObject(failure);
});

test.each([
  [1, 5_000],
  [2, 10_000],
  [3, 20_000],
  [8, 600_000],
  [50, 600_000],
])("after %i failures in a row it rests at most %i ms and at least half of that", (times, most) => {
  const { failures, wait } = atTime();
  for (let time = 0; time < times; time++) failures.add(["a"], failure);
  expect(failures.nextTry()).toBeGreaterThanOrEqual(most / 2);
  expect(failures.nextTry()).toBeLessThanOrEqual(most);
  wait(most);
  expect(failures.resting("a")).toBe(false);
});

test("the last failure is the one that is known", () => {
  const { failures } = atTime();
  failures.add(["a"], failure);
  failures.add(["a"], { reason: "UploadFailed", message: "broken" });
  expect(failures.known().get("a")).toMatchObject({ reason: "UploadFailed", message: "broken" });
});

test("a success clears it, and the next failure is the first again", () => {
  const { failures } = atTime();
  for (let time = 0; time < 9; time++) failures.add(["a"], failure);
  failures.clear("a");
  expect(failures.known().has("a")).toBe(false);
  expect(failures.nextTry()).toBeNull();
  failures.add(["a"], failure);
  expect(failures.nextTry()).toBeLessThanOrEqual(5_000);
});

test("another concern forgives all, but forgets nothing", () => {
  const { failures } = atTime();
  failures.concern("old");
  for (let time = 0; time < 9; time++) failures.add(["a"], failure);
  failures.concern("old");
  expect(failures.resting("a")).toBe(true);
  failures.concern("new");
  expect(failures.resting("a")).toBe(false);
  expect(failures.known().get("a")).toMatchObject(failure);
  failures.add(["a"], failure);
  expect(failures.nextTry()).toBeLessThanOrEqual(5_000);
});

test("what no step is about is forgotten: it is never waited for again", () => {
  const { failures, wait } = atTime();
  failures.add(["a"], failure);
  failures.add(["b"], failure);
  failures.keep(new Set(["b", "c"]));
  expect([...failures.known().keys()]).toEqual(["b"]);
  failures.keep(new Set());
  wait(3_600_000);
  expect(failures.nextTry()).toBeNull();
});

test("the next try is that of the first to be rested; what is rested already is not waited for", () => {
  const { failures, wait } = atTime();
  for (let time = 0; time < 9; time++) failures.add(["a"], failure);
  failures.add(["b"], failure);
  expect(failures.nextTry()).toBeLessThanOrEqual(5_000);
  wait(5_001);
  expect(failures.nextTry()).toBeGreaterThan(100_000);
  wait(1_000_000);
  expect(failures.nextTry()).toBeNull();
});

test("what failed together rests together", () => {
  const { failures, wait } = atTime();
  failures.add(["a"], failure);
  failures.add(["a", "b"], failure);
  const rest = failures.nextTry() ?? 0;
  wait(rest - 1);
  expect([failures.resting("a"), failures.resting("b")]).toEqual([true, true]);
  wait(1);
  expect([failures.resting("a"), failures.resting("b")]).toEqual([false, false]);
});
