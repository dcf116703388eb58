import { expect, test } from "vitest";
import { paceKeeper } from "../../../controller/ova/pace.ts";

test.each([
  [
    "a byte now and then is too slow once the window is full",
    Array(6).fill([1, 50]),
    [false, true, false, true, false, true],
  ],
  ["a slow reader waits for nothing", Array(4).fill([1, 0]), [false, false, false, false]],
  ["exactly the pace", [[100, 100]], [false]],
  ["a byte less", [[99, 100]], [true]],
  ["a long wait counts with its whole length", [[199, 200]], [true]],
  [
    "a good start does not pay for the next window",
    [
      [9000, 100],
      [1, 100],
    ],
    [false, true],
  ],
  [
    "a pause within a window is made good",
    [
      [1, 99],
      [200, 1],
    ],
    [false, false],
  ],
] as const)("%s", (_, chunks, slow) => {
  const isSlow = paceKeeper({ bytesPerSecond: 1000, milliseconds: 100 });
  expect(chunks.map(([bytes, waited]) => isSlow(bytes, waited))).toEqual(slow);
});
