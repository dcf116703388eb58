// The rpm-ostree collector: the status of a host by its own `rpm-ostree status --json`.
import { failedFinalization } from "./remarks.ts";
import { hostRuns, type Run } from "./run.ts";
import type { Collector, Host } from "./status.ts";
import { parseStatusJson } from "./status-json.ts";

/** `ask` is for programs beside rpm-ostree: one of them that hangs must not stand in its way. */
export function rpmOstree(run: Run = hostRuns(), ask: Run = hostRuns()): Collector {
  return {
    name: "rpm-ostree",
    collect: async (host) => {
      // Not --booted: it prints every deployment before v2022.15 anyway, and staged and rollback are wanted.
      const status = parseStatusJson(await run(["rpm-ostree", "status", "--json"], host));
      return { ...status, warnings: [...status.warnings, ...(await lostUpdate(ask, host))] };
    },
  };
}

/**
 * Whether a staged update was lost at the last reboot. rpm-ostree tells it in its text only; ostree makes this unit fail for it at boot.
 * What cannot be told (no such unit, no systemctl) is no warning.
 */
async function lostUpdate(ask: Run, host: Host): Promise<string[]> {
  const unit = "ostree-boot-complete.service";
  const asked = ["systemctl", "show", "--property=ActiveState", unit];
  const answer = await ask(asked, { ...host, timeout: Math.min(host.timeout, 5_000) }).catch(() => "");
  host.signal.throwIfAborted();
  return /^ActiveState=failed$/m.test(answer) ? [`${failedFinalization}: see the journal of ${unit}`] : [];
}
