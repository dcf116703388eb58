// The rate of a transfer: over the last ten seconds, and never of a moment.
import { expect, test } from "vitest";
import { createTransferRate } from "../../controller/transfer-rate.ts";

/** The rates at these counts of bytes, `[milliseconds, bytes]`. */
function ratesOf(counts: readonly (readonly [number, number])[]): (number | null)[] {
  let now = 0;
  const rate = createTransferRate(() => now);
  return counts.map(([at, bytes]) => {
    now = at;
    return rate(bytes);
  });
}

test.each<[string, [number, number][], (number | null)[]]>([
  ["nothing is known at first", [[0, 0]], [null]],
  [
    "nor within half a second",
    [
      [0, 0],
      [400, 1000],
    ],
    [null, null],
  ],
  [
    "then the average so far",
    [
      [0, 0],
      [500, 1000],
      [1000, 4000],
    ],
    [null, 2000, 4000],
  ],
  [
    "a start in the middle",
    [
      [0, 5_000],
      [1000, 7_000],
    ],
    [null, 2000],
  ],
  [
    "a transfer that stands still",
    [
      [0, 0],
      [1000, 1000],
      [10_000, 1000],
      [11_000, 1000],
    ],
    [null, 1000, 100, 0],
  ],
  [
    "one that starts again",
    [
      [0, 0],
      [1000, 9000],
      [1500, 0],
      [2500, 100],
    ],
    [null, 9000, null, 100],
  ],
])("%s", (_, counts, expected) => {
  expect(ratesOf(counts)).toEqual(expected);
});

test("only the last ten seconds count, however often it is asked", () => {
  const slowThenFast = Array.from({ length: 30_000 }, (_, index): [number, number] => {
    const at = index * 2;
    return [at, at < 30_000 ? at : 30_000 + (at - 30_000) * 100];
  });
  expect(ratesOf(slowThenFast).at(-1)).toBe(100_000);
});
