// The bootc collector: the status of a host by its own `bootc status --format=json`.
import { hostRuns, type Run } from "./run.ts";
import type { Collector } from "./status.ts";
import { parseBootcStatus } from "./status-bootc.ts";

export function bootc(run: Run = hostRuns()): Collector {
  return {
    name: "bootc",
    // Without the format it prints YAML, or a text for people.
    collect: async (host) => parseBootcStatus(await run(["bootc", "status", "--format=json"], host)),
  };
}
