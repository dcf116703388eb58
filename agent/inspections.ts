// The inspections: look at the host whenever there is cause, count it, and offer the report to the publisher.
import { isDeepStrictEqual } from "node:util";
import { backoff, spread } from "../common/backoff.ts";
import type { Log } from "../common/log.ts";
import type { Report } from "../common/report.ts";
import { type Annotations, annotationsOf } from "./annotations.ts";
import type { Collector, Host } from "./host/status.ts";
import { inspect } from "./inspect.ts";
import type { AgentMetrics } from "./metrics.ts";
import type { Publisher } from "./publisher.ts";
import { stagedSince } from "./staged-since.ts";
import { distance, looks } from "./watch.ts";

interface Parts {
  host: Host;
  collector: Collector;
  /** Milliseconds between two checks without a cause. */
  slowCheck: number;
  /** Milliseconds between two looks at least, as long as they find something new. */
  minLook: number;
  publisher: Publisher;
  metrics: AgentMetrics;
  log: Log;
}

/** Runs until the host's signal aborts. */
export async function inspections({
  host,
  collector,
  slowCheck,
  minLook,
  publisher,
  metrics,
  log,
}: Parts): Promise<void> {
  let [failures, fruitless] = [0, 0];
  let [lastOutcome, lastAnnotations]: [string, Annotations] = ["", {}];
  const interval = () =>
    failures === 0 ? spread(slowCheck) : backoff(failures, { first: Math.min(5_000, slowCheck), most: slowCheck });
  const failed = (error: unknown) => log.warn({ cause: String(error) }, "A directory of the host cannot be watched");
  const spacing = () => distance(minLook, fruitless);
  const watching = { root: host.root, interval, settle: 300, spacing, failed, signal: host.signal };
  for await (const look of looks(watching)) {
    const start = performance.now();
    const report = await inspect(host, collector);
    const seconds = (performance.now() - start) / 1000;
    metrics.inspected({ report, seconds, stagedSince: report.staged && (await stagedSince(host.root)) });
    failures = report.error === null ? 0 : failures + 1;
    const [outcome, annotations] = [outcomeOf(report), annotationsOf(report)];
    if (outcome !== lastOutcome) logReport(log, look, report);
    fruitless = look === "change" && isDeepStrictEqual(annotations, lastAnnotations) ? fruitless + 1 : 0;
    [lastOutcome, lastAnnotations] = [outcome, annotations];
    publisher.offer(annotations, look === "check");
  }
}

function outcomeOf({ error, booted, staged }: Report): string {
  return JSON.stringify([error, booted?.digest, booted?.version, staged?.digest]);
}

function logReport(log: Log, look: string, { error, booted, staged, bootImage }: Report): void {
  if (error !== null) {
    log.error({ reason: error.reason, look }, error.message);
    return;
  }
  const found = {
    booted: booted?.digest,
    version: booted?.version,
    staged: staged?.digest,
    bootImage: bootImage?.release,
  };
  log.info({ ...found, look }, "Inspected the host");
}
