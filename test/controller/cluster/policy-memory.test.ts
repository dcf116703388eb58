// The memory in the policy's status: what was written is read back, and nothing spoilt breaks anything.
import fc from "fast-check";
import { expect, test } from "vitest";
import { readMemory } from "../../../controller/cluster/policy-memory.ts";
import { policyStatus } from "../../../controller/decide/policy-status.ts";
import { input } from "../decide/policy-status-input.ts";

const empty = { contests: new Map(), rollout: { halted: null, releasedAt: null } };
const at = "2026-11-20T10:00:00.000Z";
const halted = {
  ...({ reason: "NewMachineFailed", message: "m", machine: "x", machineSet: "a", template: "t" } as const),
  ...{ since: at, generation: 3, moved: [{ machineSet: "a", template: "t", previousTemplate: "" }] },
};

test("what is written is read back", () => {
  const contests = new Map([
    ["a", { moved: { template: "t", at }, contested: { times: 2, manager: "argocd", last: at } }],
    ["b", { moved: null, contested: null }],
    ["c", { moved: null, contested: null }],
  ]);
  const rollout = { halted, releasedAt: at };
  const status = JSON.parse(JSON.stringify(policyStatus({ ...input, contests, rollout })));
  expect(readMemory(status)).toEqual({ contests, rollout });
});

test.each([
  [{}],
  [null],
  [undefined],
  [{ machineSets: "x", rollout: 3 }],
  [{ machineSets: [{ name: 1 }], rollout: { halted: { since: "yesterday" }, releasedAt: "x" } }],
])("%j says nothing", (status) => {
  expect(readMemory(status)).toEqual(empty);
});

test("one that is spoilt does not take the others with it", () => {
  const machineSets = [{ name: "a", contested: { times: "many" }, moved: { template: "t", at } }];
  expect(readMemory({ machineSets }).contests.get("a")).toEqual({ moved: { template: "t", at }, contested: null });
});

test("any JSON ends in a memory", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (status) => {
      expect(readMemory(status).rollout).toBeDefined();
    }),
  );
});
