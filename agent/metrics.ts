// The metrics of the agent: every name that it exports, and how a report becomes their values. At most ten series, for there are many nodes.
import { Gauge, Registry } from "prom-client";
import { oneLine } from "../common/one-line.ts";
import type { Report } from "../common/report.ts";
import { failedFinalization } from "./host/remarks.ts";

/** Name to help text; docs/metrics.md is compared with it. */
const help = {
  bootwarden_node_image_info: "1, labelled with what the node runs; absent when that is not known.",
  bootwarden_node_staged_deployment_timestamp_seconds:
    "Since when a deployment waits for a reboot; absent when none does, and when that is not known.",
  bootwarden_node_finalize_failed:
    "1 when a staged deployment was lost at the last reboot, and none waits for the next one; absent otherwise.",
  bootwarden_node_local_modifications:
    "Changes against the pure image by kind: layered, local, removed, replaced; absent when not known.",
  bootwarden_agent_up: "1 when the last inspection of the host succeeded, else 0.",
  bootwarden_agent_last_success_timestamp_seconds: "When the host was last inspected with success.",
  bootwarden_agent_status_duration_seconds:
    "How long the last inspection of the host took, by its result: Succeeded, or the reason.",
  bootwarden_agent_build_info: "1, labelled with the agent's version and that of its Node.js.",
} as const;

interface Inspected {
  report: Report;
  /** How long it took. */
  seconds: number;
  /** Seconds since the epoch; null when no deployment waits for a reboot. */
  stagedSince: number | null;
}

export interface AgentMetrics {
  registry: Registry;
  /** Takes over the result of one inspection. */
  inspected: (inspected: Inspected) => void;
}

/** All metrics of one agent, in a registry of their own. None of the process itself: the kubelet exports CPU and memory of every container. */
export function createMetrics(node: string, version: string): AgentMetrics {
  const registry = new Registry();
  const gauge = (name: keyof typeof help, labels: string[] = []) =>
    new Gauge({ name, help: help[name], labelNames: ["node", ...labels], registers: [registry] });
  const image = gauge("bootwarden_node_image_info", ["digest", "version", "boot_image_version", "unlocked"]);
  const staged = gauge("bootwarden_node_staged_deployment_timestamp_seconds");
  const finalizeFailed = gauge("bootwarden_node_finalize_failed");
  const modifications = gauge("bootwarden_node_local_modifications", ["kind"]);
  const up = gauge("bootwarden_agent_up");
  const lastSuccess = gauge("bootwarden_agent_last_success_timestamp_seconds");
  const duration = gauge("bootwarden_agent_status_duration_seconds", ["result"]);
  const buildInfo = gauge("bootwarden_agent_build_info", ["version", "nodejs_version"]);
  buildInfo.set({ node, version, nodejs_version: process.version }, 1);
  const inspected = ({ report, seconds, stagedSince }: Inspected) => {
    // What was true of another image, or before a failure, is not left standing.
    for (const old of [image, staged, finalizeFailed, modifications, duration]) old.reset();
    up.set({ node }, report.error === null ? 1 : 0);
    duration.set({ node, result: report.error?.reason ?? "Succeeded" }, seconds);
    if (report.error !== null) return;
    lastSuccess.set({ node }, Date.now() / 1000);
    image.set({ node, ...imageLabels(report) }, 1);
    if (stagedSince !== null) staged.set({ node }, stagedSince);
    if (report.staged === null && lostUpdate(report)) finalizeFailed.set({ node }, 1);
    for (const [kind, count] of modificationsByKind(report)) modifications.set({ node, kind }, count);
  };
  return { registry, inspected };
}

/** While another one is staged that is not said: its own reboot will tell, and it would be an eleventh series. */
function lostUpdate({ warnings }: Report): boolean {
  return warnings.some((warning) => warning.startsWith(failedFinalization));
}

function imageLabels({ booted, bootImage }: Report) {
  return {
    digest: booted?.digest ?? "",
    version: oneLine(booted?.version ?? "", 128),
    boot_image_version: bootImage?.release ?? "",
    unlocked: oneLine(booted?.unlocked ?? "", 32),
  };
}

/** An initramfs that was made on the node replaces the image's. */
function modificationsByKind({ modifications }: Report): [kind: string, count: number][] {
  const { layered, local, removed, replaced, initramfs } = modifications;
  return Object.entries({ layered, local, removed, replaced: replaced + (initramfs ? 1 : 0) });
}
