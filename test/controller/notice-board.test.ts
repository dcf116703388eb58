// The notice board: one Event for each thing that there is to say, and a count of how often it was said.
import { expect, test } from "vitest";
import type { Notice } from "../../controller/apply/context.ts";
import { readPolicy } from "../../controller/cluster/policy-object.ts";
import { createMetrics } from "../../controller/metrics.ts";
import { createNoticeBoard } from "../../controller/notice-board.ts";

const created = { resourceVersion: "1", creationTimestamp: "2026-11-20T10:00:00Z" };
const policy = readPolicy({ metadata: { name: "cluster", uid: "u-1", ...created }, spec: {} });
const notice: Notice = { type: "Warning", reason: "NotKept", message: "its encryption" };

/** A board, and what it told. */
function board() {
  const told: string[] = [];
  const metrics = createMetrics("0");
  const notify = createNoticeBoard({
    tell: async ({ uid }, { message }) => told.push(`${uid} ${message}`) > 0,
    metrics,
  });
  return { notify, told, metrics };
}

test("the same at each retry is one Event, and counted each time", async () => {
  const { notify, told, metrics } = board();
  for (let time = 0; time < 3; time++) notify(policy, notice);
  expect(told).toEqual(["u-1 its encryption"]);
  expect(await metrics.registry.getSingleMetricAsString("bootwarden_notices_total")).toContain(
    'bootwarden_notices_total{reason="NotKept"} 3',
  );
});

test("another message, another reason or a policy that was made anew is told", () => {
  const { notify, told } = board();
  notify(policy, notice);
  notify(policy, { ...notice, message: "its permissions" });
  notify(policy, { ...notice, reason: "ClonedByUpload" });
  notify({ ...policy, uid: "u-2" }, notice);
  expect(told).toEqual(["u-1 its encryption", "u-1 its permissions", "u-1 its encryption", "u-2 its encryption"]);
});

test("without a policy there is nobody to tell", () => {
  const { notify, told } = board();
  notify(undefined, notice);
  expect(told).toEqual([]);
});

test("what it remembers is bounded", () => {
  const { notify, told } = board();
  for (let number = 0; number < 1_001; number++) notify(policy, { ...notice, message: `${number}` });
  notify(policy, { ...notice, message: "1000" });
  notify(policy, { ...notice, message: "0" });
  expect(told.slice(1_001)).toEqual(["u-1 0"]);
});
