import { expect, test } from "vitest";
import { type Pool, poolOf } from "../../../controller/decide/pool.ts";
import { nodeFacts, workerPool } from "./facts.ts";

const role = (name: string) => `node-role.kubernetes.io/${name}`;
const pool = (name: string): Pool => ({
  name,
  nodeSelector: { matchLabels: { [role(name)]: "" } },
  configuration: `rendered-${name}`,
  paused: false,
});
const pools = [...["master", "infra", "gpu"].map(pool), workerPool()];

test.each<[string[], string]>([
  [["worker"], "worker"],
  [["master"], "master"],
  [["worker", "infra"], "infra"],
  [["infra"], "infra"],
  [["master", "worker"], "master"],
  [["master", "infra"], "master"],
  [["worker", "infra", "gpu"], "NoExpectation"],
  [[], "Joining"],
  [["edge"], "Joining"],
])("roles %j are in pool %s", (roles, expected) => {
  const decision = poolOf(Object.fromEntries(roles.map((name) => [role(name), ""])), pools);
  expect(decision.ok ? decision.value.name : decision.reason).toBe(expected);
});

test("the fixture's node", () => {
  expect(poolOf(nodeFacts("node-worker").labels, [workerPool()])).toMatchObject({
    ok: true,
    value: { name: "worker" },
  });
});

test("a pool without a selector, or with an empty one, selects nothing", () => {
  const empty = [null, {}, { matchLabels: {} }].map((nodeSelector) => ({ ...pool("odd"), nodeSelector }));
  expect(poolOf({ [role("worker")]: "" }, empty)).toMatchObject({ ok: false, reason: "Joining" });
});
