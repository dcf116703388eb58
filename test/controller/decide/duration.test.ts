// The duration: what Kubernetes writes, and nothing else.
import { expect, test } from "vitest";
import { duration } from "../../../controller/decide/duration.ts";

test.each([
  ["45m", 2_700_000],
  ["1h30m", 5_400_000],
  ["90s", 90_000],
  ["1h0m5s", 3_605_000],
  ["0s", 0],
  ["", undefined],
  ["45", undefined],
  ["m", undefined],
  ["-5m", undefined],
  ["5m1h", undefined],
  ["1.5h", undefined],
  ["99999999h", undefined],
])("%s is %s ms", (text, expected) => {
  expect(duration(text)).toBe(expected);
});
