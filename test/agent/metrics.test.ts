import { expect, test } from "vitest";
import { agentMetrics, createMetrics } from "../../agent/metrics.ts";
import { deployment, report } from "./reports.ts";

const failed = report({ booted: null, error: { reason: "TimedOut", message: "m" } });
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

async function lines(metrics: ReturnType<typeof createMetrics>, name: string): Promise<string[]> {
  return (await metrics.registry.metrics()).split("\n").filter((line) => line.startsWith(name));
}

test("before the first inspection nothing is claimed", async () => {
  const metrics = createMetrics("worker-0", "1");
  for (const name of ["up", "staged", "booted", "lastSuccess"] as const) {
    expect(await lines(metrics, agentMetrics[name][0])).toEqual([]);
  }
});

test("one series for what is booted, the old one is gone", async () => {
  const metrics = createMetrics("worker-0", "1");
  metrics.inspected(report({ booted: deployment({ digest: digest("a"), version: "1" }) }), 0.1);
  metrics.inspected(report({ booted: deployment({ digest: digest("b"), version: "2" }), staged: deployment() }), 0.1);
  expect(await lines(metrics, "bootwarden_agent_booted_info")).toEqual([
    `bootwarden_agent_booted_info{node="worker-0",digest="${digest("b")}",version="2",boot_image="9.6.20261028-0"} 1`,
  ]);
  expect(await lines(metrics, "bootwarden_agent_staged")).toEqual(["bootwarden_agent_staged 1"]);
  expect(await lines(metrics, "bootwarden_agent_up")).toEqual(["bootwarden_agent_up 1"]);
});

test("after a failure no value of the last success is left but its time", async () => {
  const metrics = createMetrics("worker-0", "1");
  metrics.inspected(report(), 0.1);
  metrics.inspected(failed, 60);
  expect(await lines(metrics, "bootwarden_agent_up")).toEqual(["bootwarden_agent_up 0"]);
  expect(await lines(metrics, "bootwarden_agent_booted_info")).toEqual([]);
  expect(await lines(metrics, "bootwarden_agent_staged")).toEqual([]);
  expect(await lines(metrics, "bootwarden_agent_last_success")).toHaveLength(1);
  expect(await lines(metrics, "bootwarden_agent_inspections_total")).toEqual([
    'bootwarden_agent_inspections_total{result="Succeeded"} 1',
    'bootwarden_agent_inspections_total{result="TimedOut"} 1',
  ]);
});
