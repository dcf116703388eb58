import { expect, test } from "vitest";
import { troubleOf } from "../../../controller/decide/trouble.ts";

test.each([
  ["Mismatch", "OSImageMismatch", "OSImageMismatch"],
  ["Mismatch", "BootImageMismatch", "BootImageMismatch"],
  ["Unknown", "AgentError/NotInstalled", "NotInstalled"],
  ["Unknown", "NoReport", null],
  ["Updating", "StagedForReboot", null],
  ["Verified", "DigestMatch", null],
  [null, "NotApplicable", null],
] as const)("%s, %s: %s", (verdict, reason, expected) => {
  expect(troubleOf({ verdict, reason })).toBe(expected);
});
