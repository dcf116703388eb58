// How what a template holds stands against the target: never a way back, unless that is allowed.
import { expect, test } from "vitest";
import { templateStanding } from "../../../controller/decide/machine-set-state.ts";

const [old, target, newer] = ["9.6.20261028-0", "9.7.20261201-0", "9.8.20270101-0"];
const found = { exists: true, path: null, ours: true };

test.each([
  ["it holds what its name does not say, newer than the target", newer, old, false, "UpToDate NewerThanTarget"],
  ["the same, where a way back is allowed", newer, old, true, "Outdated ContentReplaced"],
  ["it holds what its name does not say, older than the target", old, target, false, "Outdated ContentReplaced"],
  ["it holds the target's release under another's name", target, old, false, "Outdated ContentReplaced"],
] as const)("%s", (...[, release, replaced, allowDowngrade, expected]) => {
  const { state, reason } = templateStanding("t", { ...found, release, replaced }, { release: target, allowDowngrade });
  expect(`${state} ${reason}`).toBe(expected);
});
