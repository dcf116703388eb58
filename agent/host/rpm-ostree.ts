// The rpm-ostree collector: the status of a host by its own `rpm-ostree status --json`.
import { hostRuns } from "./run.ts";
import type { Collector } from "./status.ts";
import { parseStatusJson } from "./status-json.ts";

export function rpmOstree(): Collector {
  const run = hostRuns();
  return {
    name: "rpm-ostree",
    // Not --booted: it prints every deployment before v2022.15 anyway, and staged and rollback are wanted.
    collect: async (host) => parseStatusJson(await run(["rpm-ostree", "status", "--json"], host)),
  };
}
