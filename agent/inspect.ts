// The inspection: one look at the host, ending in a report whether it worked or not.
import { failureOf } from "../common/failure.ts";
import { oneLine } from "../common/one-line.ts";
import type { Report } from "../common/report.ts";
import { readAleph } from "./host/aleph.ts";
import { readBootID } from "./host/boot-id.ts";
import type { Collector, Host, Status } from "./host/status.ts";

/**
 * Looks at the host. A failed inspection is a report with `error` and without deployments, never an exception;
 * only an aborted one (the host's signal) throws the abort reason.
 */
export async function inspect(host: Host, collector: Collector): Promise<Report> {
  const [bootID, aleph, status] = await Promise.allSettled([
    readBootID(host.root),
    readAleph(host.root),
    collector.collect(host),
  ]);
  host.signal.throwIfAborted();
  const failed = [bootID, status, aleph].find((part) => part.status === "rejected");
  return reportOf({
    bootID: bootID.status === "fulfilled" ? bootID.value : "",
    collector: collector.name,
    status: failed === undefined && status.status === "fulfilled" ? status.value : null,
    aleph: aleph.status === "fulfilled" ? aleph.value : { bootImage: null, warnings: [] },
    failure: failed === undefined ? null : failureOf(failed.reason),
  });
}

interface Findings {
  bootID: string;
  collector: Report["collector"];
  status: Status | null;
  aleph: Awaited<ReturnType<typeof readAleph>>;
  failure: ReturnType<typeof failureOf> | null;
}

/** The report of what was found. Waiting for a reboot is what stands before the booted deployment in boot order, staged or not. */
export function reportOf({ bootID, collector, status, aleph, failure }: Findings): Report {
  const deployments = status?.deployments ?? [];
  const at = deployments.findIndex(({ booted }) => booted);
  const waiting = deployments.slice(0, Math.max(at, 0));
  return {
    v: 1,
    bootID,
    collector,
    booted: deployments[at] ?? null,
    staged: deployments.find(({ staged }) => staged) ?? waiting[0] ?? null,
    rollback: deployments.slice(at + 1).find(({ staged }) => !staged) ?? null,
    modifications: status?.modifications ?? { layered: 0, local: 0, removed: 0, replaced: 0, initramfs: false },
    bootImage: aleph.bootImage,
    state: status?.state ?? null,
    warnings: [...(status?.warnings ?? []), ...aleph.warnings],
    error: failure === null ? null : { reason: failure.reason, message: oneLine(failure.message) },
  };
}
