// The objects that everything depends on: one that cannot be read stops all moves, and is named.
import { expect, test } from "vitest";
import { clusterObjectsRefusal } from "../../../controller/decide/cluster-objects.ts";

test.each<[string, [string, string][], string | null, RegExp | undefined]>([
  ["all is well", [], "lab-7x2kq", undefined],
  ["no Infrastructure", [], null, /^Infrastructure\/cluster is missing: templates wait/],
  [
    "one that cannot be read",
    [["Infrastructure/cluster", "no name"]],
    null,
    /^Infrastructure\/cluster cannot be read \(no name\): /,
  ],
  [
    "two",
    [
      ["FeatureGate/cluster", "a"],
      ["MachineConfiguration/cluster", "b"],
    ],
    "x",
    /FeatureGate\/cluster .*\(a\); MachineConfiguration\/cluster .*\(b\)/,
  ],
])("%s", (_, ...[unreadable, infrastructureName, expected]) => {
  const refusal = clusterObjectsRefusal({ unreadable: new Map(unreadable), infrastructureName });
  if (expected === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toEqual({ ok: false, reason: "ClusterObjectInvalid", message: expect.stringMatching(expected) });
});
