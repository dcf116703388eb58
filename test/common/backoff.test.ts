import fc from "fast-check";
import { expect, test } from "vitest";
import { backoff, spread } from "../../common/backoff.ts";

const limits = { first: 1_000, most: 60_000 };

test.each([
  [1, 0, 500],
  [1, 1, 1_000],
  [2, 1, 2_000],
  [7, 1, 60_000],
  [10_000, 1, 60_000],
  [10_000, 0, 30_000],
])("after %i failures, random %d: %i ms", (failures, random, wanted) => {
  expect(backoff(failures, limits, random)).toBe(wanted);
});

test("never nothing, never more than the most", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const wait = backoff(failures, limits, random);
      expect(wait).toBeGreaterThanOrEqual(500);
      expect(wait).toBeLessThanOrEqual(60_000);
    }),
  );
});

test("spread is a tenth to either side", () => {
  expect([spread(100, 0), spread(100, 0.5), spread(100, 1)].map(Math.round)).toEqual([90, 100, 110]);
});
