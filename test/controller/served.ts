// The metrics as they are served, and of what they are made: MachineSets and verdicts, to be altered by a test.
import type { MachineSetState } from "../../controller/decide/machine-set-state.ts";
import type { Verdict } from "../../controller/decide/verdict.ts";
import type { Metrics } from "../../controller/metrics.ts";

/** The lines of a metric as they are served. */
export async function linesOf({ registry }: Metrics, name: string): Promise<string[]> {
  const text = await registry.getSingleMetricAsString(name);
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

export function verdict(over: Partial<Verdict>): Verdict {
  const rest = { message: "", bootImageCheck: null, bootImageMessage: null, osDigest: null, bootImage: null };
  return { verdict: "Verified", reason: "DigestMatch", ...rest, ...over };
}

export function machineSet(over: Partial<MachineSetState>): MachineSetState {
  const state = { name: "a", managedBy: "Bootwarden", state: "UpToDate", reason: "OnTarget" } as const;
  const why = { managedByReason: "Enrolled", managedByMessage: "" } as const;
  return { ...state, ...why, message: "", template: null, release: null, ...over };
}
