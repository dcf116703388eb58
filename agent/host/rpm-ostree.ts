// The rpm-ostree collector: the status of a host by its own `rpm-ostree status --json`.
import { runOnHost } from "./run.ts";
import type { Collector } from "./status.ts";
import { parseStatusJson } from "./status-json.ts";

export const rpmOstree: Collector = {
  name: "rpm-ostree",
  // Not --booted: it prints every deployment before v2022.15 anyway, and staged and rollback are wanted.
  collect: async (host) => parseStatusJson(await runOnHost(["rpm-ostree", "status", "--json"], host)),
};
