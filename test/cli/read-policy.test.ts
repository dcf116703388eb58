// The BootImagePolicy, read from whatever stands there.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conditionAt, policyFacts } from "../../cli/read-policy.ts";
import { policyObject } from "./facts.ts";

test("a policy of this version is read whole", () => {
  const facts = policyFacts(policyObject());
  expect(facts).toMatchObject({ mode: "Manage", generation: 3, resourceVersion: "7", resumedAt: null });
  expect(facts.status?.machineSets).toHaveLength(2);
  expect(facts.status?.target?.release).toBe("9.8.20261116-0");
  expect(facts.status?.plan).toEqual([]);
});

test.each([
  ["no status", policyObject({ status: null })],
  ["an empty status", { ...policyObject(), status: {} }],
  ["a status that is no object", { ...policyObject(), status: "gone" }],
])("%s is none", (_, object) => {
  expect(policyFacts(object).status).toBeNull();
});

test("a status of the first version, without the later fields, is one", () => {
  const { conditions, machineSets, nodes, target } = Object(policyObject()).status;
  const { status } = policyFacts({ ...policyObject(), status: { conditions, machineSets, nodes, target } });
  expect(status?.machineSets).toHaveLength(2);
  expect([status?.plan, status?.rollout, status?.platform, status?.controlPlane]).toEqual(Array(4).fill(undefined));
});

test("an entry that cannot be read is left out, and a field that cannot is not said", () => {
  const machineSets = [
    { name: 7 },
    { name: "worker-a", state: 3, contested: { times: "many", manager: "argo" } },
    null,
  ];
  const { status } = policyFacts(
    policyObject({ status: { machineSets, nodes: { total: "3", verified: 2 }, templates: "all" } }),
  );
  expect(status?.machineSets).toEqual([
    { name: "worker-a", state: undefined, contested: { times: undefined, manager: "argo" } },
  ]);
  expect(status?.nodes).toMatchObject({ total: undefined, verified: 2 });
  expect(status?.templates).toEqual([]);
});

test("whatever the API server answers, it is read", () => {
  fc.assert(
    fc.property(
      fc.object({
        maxDepth: 4,
        key: fc.constantFrom(
          "metadata",
          "spec",
          "status",
          "conditions",
          "machineSets",
          "name",
          "rollout",
          "halted",
          "moved",
          "plan",
        ),
      }),
      (object) => {
        expect(policyFacts(object).mode).toEqual(expect.any(String));
      },
    ),
  );
});

describe("conditionAt", () => {
  const { status } = policyFacts(policyObject());
  test("finds the condition in the status that is asked for, and no other", () => {
    if (status === null) throw new TypeError("it has a status");
    expect(conditionAt(status, "VCentersReachable", "True")).toEqual({
      reason: "AllReachable",
      message: "1 of 1 vCenters answer",
    });
    expect(conditionAt(status, "VCentersReachable", "False")).toBeUndefined();
    expect(conditionAt(status, "Unheard", "True")).toBeUndefined();
  });
});
