// The alarm bell: one Event when something goes wrong, none while it stays so, and another when it comes back.
import { expect, test } from "vitest";
import { createAlarmBell } from "../../controller/alarm-bell.ts";
import { readPolicy } from "../../controller/cluster/policy-object.ts";
import type { Alarm } from "../../controller/decide/alarms.ts";
import { createMetrics } from "../../controller/metrics.ts";

const created = { resourceVersion: "1", creationTimestamp: "2026-11-20T10:00:00Z" };
const policy = readPolicy({ metadata: { name: "cluster", uid: "u-1", ...created }, spec: {} });
const where = { policy, machines: [], machineSets: [] };

function down(of: string, message = `${of} does not answer`): Alarm {
  return { kind: "BootImagePolicy", name: "cluster", reason: "VCenterUnreachable", message, of };
}

/** A bell, and what it told. */
function bell() {
  const told: string[] = [];
  const raise = createAlarmBell({
    tell: async (_, { message }) => told.push(message) > 0,
    metrics: createMetrics("0"),
  });
  return { raise, told };
}

test("once per change, however its words change", async () => {
  const { raise, told } = bell();
  await raise([down("vc")], where);
  await raise([down("vc", "another timeout")], where);
  expect(told).toEqual(["vc does not answer"]);
  await raise([], where);
  await raise([down("vc")], where);
  expect(told).toHaveLength(2);
});

test("a second vCenter with the same reason has its own", async () => {
  const { raise, told } = bell();
  await raise([down("vc")], where);
  await raise([down("vc"), down("vc-b")], where);
  await raise([down("vc-b")], where);
  expect(told).toEqual(["vc does not answer", "vc-b does not answer"]);
});

test("one that could not be told yet is told when there is a policy", async () => {
  const { raise, told } = bell();
  await raise([down("vc")], { ...where, policy: undefined });
  await raise([down("vc")], where);
  expect(told).toHaveLength(1);
});
