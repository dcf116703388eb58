// The tables of docs/metrics.md: every metric of the two programs, as they register it.
import type { Registry } from "prom-client";
import { z } from "zod";
import { createMetrics as createAgentMetrics } from "../agent/metrics.ts";
import { createMetrics as createControllerMetrics } from "../controller/metrics.ts";
import { withTable } from "./page-table.ts";

const Metric = z.object({ name: z.string(), type: z.string(), labelNames: z.array(z.string()), help: z.string() });

/** The page with its tables made anew. */
export function metricsPage(page: string): string {
  const agent = withTable(page, "Agent", rowsOf(createAgentMetrics("node", "0").registry));
  return withTable(agent, "Controller", rowsOf(createControllerMetrics("0").registry));
}

/** Those of ours, by name. */
export function ownMetrics(registry: Registry): z.infer<typeof Metric>[] {
  return z
    .array(Metric)
    .parse(registry.getMetricsAsArray())
    .filter(({ name }) => name.startsWith("bootwarden_"))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function rowsOf(registry: Registry): string[][] {
  return ownMetrics(registry).map(({ name, type, labelNames, help }) => [
    code(name),
    type,
    labelNames.map(code).join(", "),
    help,
  ]);
}

function code(word: string): string {
  return `\`${word}\``;
}
