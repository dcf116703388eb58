import fc from "fast-check";
import { expect, test } from "vitest";
import { compareReleases, isRelease, oldestRelease, releaseDate } from "../../../controller/decide/release.ts";

test.each([
  ["9.6.20261028-0", "9.6.20261028-0", 0],
  ["9.4.20250101-0", "9.6.20240101-0", -1],
  ["9.6.20261028-0", "9.6.20261028-1", -1],
  ["9.6.20261028-2", "9.6.20261028-10", -1],
  ["10.2.20261029-0", "9.8.20261029-0", 1],
  ["418.94.202509100653-0", "9.6.20250101-0", -1],
  ["9.6.20250101-0", "419.96.202606010000-0", 1],
  ["416.94.202510081640-0", "418.94.202509100653-0", -1],
  ["418.94.202509100653-0", "418.94.202509100652-5", 1],
  ["49.84.202110081407-0", "410.84.202201251210-0", -1],
  ["43.81.202001142154.0", "410.84.202201251210-0", undefined],
  ["fcos-41", "9.6.20261028-0", undefined],
  ["9.6.20261028-0", "", undefined],
  ["odd", "odd", 0],
  ["9.6.202610281200-0", "9.6.20261028-0", undefined],
])("%s against %s is %s", (a, b, expected) => {
  expect(compareReleases(a, b)).toBe(expected);
});

test("is an order: antisymmetric and transitive over both schemes", () => {
  const legacy = fc
    .tuple(
      fc.oneof(fc.integer({ min: 42, max: 49 }), fc.integer({ min: 410, max: 419 })),
      fc.integer({ min: 80, max: 96 }),
      fc.integer({ min: 0, max: 9 }),
    )
    .map(([ocp, rhel, n]) => `${ocp}.${rhel}.202501010000-${n}`);
  const present = fc
    .tuple(fc.integer({ min: 9, max: 10 }), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 12 }))
    .map(([major, minor, n]) => `${major}.${minor}.20260101-${n}`);
  const release = fc.oneof(legacy, present);
  fc.assert(
    fc.property(release, release, release, (a, b, c) => {
      const [ab, ba, bc] = [compareReleases(a, b), compareReleases(b, a), compareReleases(b, c)];
      expect(ab).toBe(ba === undefined ? undefined : 0 - ba || 0);
      if (ab === -1 && bc === -1) expect(compareReleases(a, c)).toBe(-1);
    }),
  );
});

test("the oldest of many leaves out what has no order", () => {
  expect(oldestRelease(["9.6.20261028-0", "odd", "416.94.202510081640-0", "9.4.20250101-0"])).toBe(
    "416.94.202510081640-0",
  );
  expect(oldestRelease(["odd"])).toBeNull();
});

test.each([
  ["9.6.20261028-0", true],
  ["416.94.202510081640-0", true],
  ["", false],
  ["9.6/../../x", false],
  ["x".repeat(33), false],
  ["9.6\n", false],
])("%j may be a release: %s", (text, expected) => {
  expect(isRelease(text)).toBe(expected);
});

test.each([
  ["9.6.20261028-0", "2026-10-28T00:00:00.000Z"],
  ["416.94.202510081640-0", "2025-10-08T00:00:00.000Z"],
  ["9.6.20261328-0", undefined],
  ["9.6.20260230-0", undefined],
  ["416.94.20251008-0", undefined],
  ["9.6.202610281200-0", undefined],
  ["nightly", undefined],
  ["", undefined],
])("%j was built on %s", (release, day) => {
  expect(releaseDate(release)?.toISOString()).toBe(day);
});
