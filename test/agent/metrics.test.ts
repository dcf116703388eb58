import { expect, test } from "vitest";
import { failedFinalization } from "../../agent/host/remarks.ts";
import { createMetrics } from "../../agent/metrics.ts";
import type { Modifications, Report } from "../../common/report.ts";
import { deployment, report } from "./reports.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const modified: Modifications = { layered: 3, local: 1, removed: 2, replaced: 4, initramfs: true };
const failed = report({ booted: null, error: { reason: "TimedOut", message: "m" } });
const staged = report({
  booted: deployment({ digest: digest("a"), version: "1", unlocked: "hotfix" }),
  staged: deployment({ booted: false, staged: true }),
  modifications: modified,
});

/** The lines of /metrics after these reports, but for the comments. */
async function series(...reports: Report[]): Promise<string[]> {
  const metrics = createMetrics("worker-0", "1");
  for (const one of reports)
    metrics.inspected({ report: one, seconds: 0.25, stagedSince: one.staged && 1_793_188_800.5 });
  return (await metrics.registry.metrics()).split("\n").filter((line) => /^[^#]/.test(line));
}

const named = (lines: string[], name: string) => lines.filter((line) => line.startsWith(name));
const buildInfo = `bootwarden_agent_build_info{node="worker-0",version="1",nodejs_version="${process.version}"} 1`;

test("before the first inspection nothing is claimed but what runs", async () => {
  expect(await series()).toEqual([buildInfo]);
});

test("after a success all is told", async () => {
  const before = Date.now() / 1000;
  const lines = await series(staged);
  const [, time] = named(lines, "bootwarden_agent_last_success_timestamp_seconds")[0]?.split(" ") ?? [];
  expect(Number(time)).toBeGreaterThanOrEqual(before);
  expect(Number(time)).toBeLessThanOrEqual(Date.now() / 1000);
  const labels = `digest="${digest("a")}",version="1",boot_image_version="9.6.20261028-0",unlocked="hotfix"`;
  expect(lines).toEqual([
    `bootwarden_node_image_info{node="worker-0",${labels}} 1`,
    'bootwarden_node_staged_deployment_timestamp_seconds{node="worker-0"} 1793188800.5',
    'bootwarden_node_local_modifications{node="worker-0",kind="layered"} 3',
    'bootwarden_node_local_modifications{node="worker-0",kind="local"} 1',
    'bootwarden_node_local_modifications{node="worker-0",kind="removed"} 2',
    'bootwarden_node_local_modifications{node="worker-0",kind="replaced"} 5',
    'bootwarden_agent_up{node="worker-0"} 1',
    `bootwarden_agent_last_success_timestamp_seconds{node="worker-0"} ${time}`,
    'bootwarden_agent_status_duration_seconds{node="worker-0",result="Succeeded"} 0.25',
    buildInfo,
  ]);
});

test("of another image, the series of the old one is gone; nothing waits any more, and nothing is modified", async () => {
  const lines = await series(staged, report({ booted: deployment({ digest: digest("b"), version: "2" }) }));
  expect(named(lines, "bootwarden_node_image_info")).toEqual([
    `bootwarden_node_image_info{node="worker-0",digest="${digest("b")}",version="2",boot_image_version="9.6.20261028-0",unlocked="none"} 1`,
  ]);
  expect(named(lines, "bootwarden_node_staged")).toEqual([]);
  expect(named(lines, "bootwarden_node_local_modifications").map((line) => line.split(" ")[1])).toEqual([
    ...["0", "0", "0", "0"],
  ]);
});

test("after a failure no value of the last success is left but its time", async () => {
  const lines = await series(staged, failed);
  expect(lines).toEqual([
    'bootwarden_agent_up{node="worker-0"} 0',
    expect.stringMatching(/^bootwarden_agent_last_success_timestamp_seconds\{node="worker-0"\} \d+/),
    'bootwarden_agent_status_duration_seconds{node="worker-0",result="TimedOut"} 0.25',
    buildInfo,
  ]);
});

test("a failure from the start has no time of a success", async () => {
  expect(named(await series(failed), "bootwarden_agent_last_success")).toEqual([]);
});

test("an update that was lost at the reboot is told until the host says nothing of it any more", async () => {
  const lost = report({ warnings: ["end of life", `${failedFinalization}: see the journal`] });
  const told = 'bootwarden_node_finalize_failed{node="worker-0"} 1';
  expect(named(await series(lost), "bootwarden_node_finalize_failed")).toEqual([told]);
  expect(named(await series(lost, report()), "bootwarden_node_finalize_failed")).toEqual([]);
  expect(named(await series(lost, failed), "bootwarden_node_finalize_failed")).toEqual([]);
  const again = { ...staged, warnings: lost.warnings };
  expect(named(await series(lost, again), "bootwarden_node_finalize_failed")).toEqual([]);
});

test("there are never more than ten series, whatever came before", async () => {
  const reasons = ["TimedOut", "DBusDenied", "NotInstalled"].map((reason) =>
    report({ booted: null, error: { reason, message: "m" } }),
  );
  const worst = { ...staged, warnings: [failedFinalization] };
  expect(await series(report(), ...reasons, worst)).toHaveLength(10);
  expect(await series(staged, ...reasons, report())).toHaveLength(9);
});

test("what a host says of itself does not become a label without end", async () => {
  const hostile = deployment({ version: `1\n"} 1\nup ${"9".repeat(4000)}`, unlocked: "u".repeat(4000) });
  const [line, ...more] = named(await series(report({ booted: hostile })), "bootwarden_node_image_info");
  expect(more).toEqual([]);
  expect(line?.length).toBeLessThan(400);
});
