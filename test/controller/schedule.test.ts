// The schedule: what is due at once, what later, and what was asked for twice.
import { beforeEach, expect, test } from "vitest";
import { createSchedule, type Schedule } from "../../controller/schedule.ts";

let now: number;
let schedule: Schedule;

beforeEach(() => {
  now = 1_000_000;
  schedule = createSchedule(() => now);
});

test("nothing is due at first", () => {
  expect(schedule.take()).toEqual([]);
  expect(schedule.next()).toBeNull();
});

test("names are taken once, in the order in which they became due", () => {
  for (const name of ["b", "a", "b"]) schedule.add(name, 0);
  expect(schedule.next()).toBe(0);
  expect(schedule.take()).toEqual(["b", "a"]);
  expect(schedule.take()).toEqual([]);
  expect(schedule.next()).toBeNull();
});

test("no more than are asked for", () => {
  for (const name of ["a", "b", "c"]) schedule.add(name, 0);
  expect(schedule.take(2)).toEqual(["a", "b"]);
  expect(schedule.take(0)).toEqual([]);
  expect(schedule.take(2)).toEqual(["c"]);
});

test("what is due later is not taken before", () => {
  schedule.add("a", 500);
  schedule.add("b", 200);
  expect([schedule.take(), schedule.next()]).toEqual([[], 200]);
  now += 200;
  expect([schedule.next(), schedule.take(), schedule.next()]).toEqual([0, ["b"], 300]);
  now += 1_000;
  expect([schedule.next(), schedule.take(), schedule.next()]).toEqual([0, ["a"], null]);
});

test("the sooner of two times counts, whichever was said first", () => {
  schedule.add("a", 500);
  schedule.add("a", 200);
  schedule.add("a", 900);
  expect(schedule.next()).toBe(200);
});

test("a name that is due now may be due again later", () => {
  schedule.add("a", 500);
  schedule.add("a", 0);
  expect(schedule.take()).toEqual(["a"]);
  expect(schedule.next()).toBe(500);
});

test("what is dropped is not due", () => {
  schedule.add("a", 0);
  schedule.add("b", 100);
  for (const name of ["a", "b"]) schedule.drop(name);
  now += 200;
  expect([schedule.take(), schedule.next()]).toEqual([[], null]);
});
