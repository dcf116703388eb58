// The check that stands on a Node after a restart of the controller.
import { expect, test } from "vitest";
import { writtenCheck } from "../../../controller/decide/boot-image-check.ts";

const [early, late] = [{ createdAt: "2026-11-20T10:00:00Z" }, { createdAt: "2026-11-20T11:00:00Z" }];

test.each([
  ["the Machine's Node", "Match", late, early, "Match"],
  ["a Node without a Machine", "Mismatch", early, null, "Mismatch"],
  ["a Node that was there before its Machine", "Match", early, late, undefined],
  ["no answer", "NotKnown/NoAleph", late, early, undefined],
  ["nothing", undefined, late, early, undefined],
] as const)("of %s", (...[, check, node, machine, expected]) => {
  expect(writtenCheck(check, node, machine)?.check).toBe(expected);
});
