// The metrics of the agent: every name that it exports, and how a report becomes their values.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { oneLine } from "../common/one-line.ts";
import type { Reason } from "../common/reasons.ts";
import type { Report } from "../common/report.ts";

/** Name and help text. */
export const agentMetrics = {
  buildInfo: ["bootwarden_agent_build_info", "1, labelled with the agent's version and that of its Node.js."],
  inspections: ["bootwarden_agent_inspections_total", "Inspections of the host by result: Succeeded, or the reason."],
  duration: ["bootwarden_agent_inspection_duration_seconds", "How long the inspections of the host took."],
  lastSuccess: ["bootwarden_agent_last_success_timestamp_seconds", "When the host was last inspected with success."],
  booted: ["bootwarden_agent_booted_info", "1, labelled with what the node runs; absent when that is not known."],
  staged: ["bootwarden_agent_staged", "1 while a deployment waits for a reboot, else 0; absent when not known."],
  up: ["bootwarden_agent_up", "1 when the last inspection of the host succeeded, else 0."],
  nodeWrites: ["bootwarden_agent_node_writes_total", "Writes to the own Node by result: written, or the reason."],
} as const;

export interface AgentMetrics {
  registry: Registry;
  /** Takes over the result of one inspection; `seconds` is how long it took. */
  inspected: (report: Report, seconds: number) => void;
  wrote: (result: "written" | Reason) => void;
}

/** All metrics of one agent, in a registry of their own. */
export function createMetrics(nodeName: string, version: string): AgentMetrics {
  const registry = new Registry();
  // The event loop's delay is sampled once a second: the default of 10 ms would wake an idle agent a hundred times a second.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 1000 });
  const named = ([name, help]: readonly [string, string]) => ({ name, help, registers: [registry] });
  const inspections = new Counter({ ...named(agentMetrics.inspections), labelNames: ["result"] });
  const duration = new Histogram({
    ...named(agentMetrics.duration),
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30, 60],
  });
  const lastSuccess = new Gauge(named(agentMetrics.lastSuccess));
  const booted = new Gauge({ ...named(agentMetrics.booted), labelNames: ["node", "digest", "version", "boot_image"] });
  const staged = new Gauge(named(agentMetrics.staged));
  const up = new Gauge(named(agentMetrics.up));
  const writes = new Counter({ ...named(agentMetrics.nodeWrites), labelNames: ["result"] });
  new Gauge({ ...named(agentMetrics.buildInfo), labelNames: ["version", "node_version"] })
    .labels(version, process.version)
    .set(1);
  // Not yet known is not zero.
  for (const gauge of [lastSuccess, staged, up]) gauge.remove();
  const inspected = (report: Report, seconds: number) => {
    inspections.labels(report.error?.reason ?? "Succeeded").inc();
    duration.observe(seconds);
    up.set(report.error === null ? 1 : 0);
    booted.reset();
    staged.remove();
    if (report.error !== null) return;
    lastSuccess.setToCurrentTime();
    staged.set(report.staged === null ? 0 : 1);
    booted.set({ node: nodeName, ...bootedLabels(report) }, 1);
  };
  return { registry, inspected, wrote: (result) => writes.labels(result).inc() };
}

function bootedLabels(report: Report): { digest: string; version: string; boot_image: string } {
  return {
    digest: report.booted?.digest ?? "",
    version: oneLine(report.booted?.version ?? "", 128),
    boot_image: report.bootImage?.release ?? "",
  };
}
