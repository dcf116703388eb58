// The metrics of new Machines: how they ended, by MachineSet, and how long those took that were Verified.
import type { Counter, Histogram } from "prom-client";
import type { Outcome } from "./decide/newcomer.ts";

type Ending = Exclude<Outcome, "Underway" | "Settled">;

export interface NewMachineMetrics {
  /** `machineSet`: empty for a Machine of none. */
  tell: (machineSet: string, outcome: Ending, seconds: number) => void;
  /** Takes the MachineSets that there are: each has its zeros, and one that is gone has nothing. */
  keep: (machineSets: readonly string[]) => void;
}

const endings: readonly Ending[] = ["Verified", "Failed", "NotInTime", "Mismatch"];

/** `count` has the labels machineset and outcome, `verified` none: twelve series for each MachineSet would be too many. */
export function newMachineMetrics(count: Counter, verified: Histogram): NewMachineMetrics {
  let served = new Set<string>();
  return {
    tell: (machineset, outcome, seconds) => {
      if (machineset !== "") served.add(machineset);
      count.inc({ machineset, outcome });
      if (outcome === "Verified") verified.observe(seconds);
    },
    keep: (machineSets) => {
      const present = new Set(machineSets);
      const each = (machineset: string) => endings.map((outcome) => ({ machineset, outcome }));
      for (const gone of served) if (!present.has(gone)) for (const labels of each(gone)) count.remove(labels);
      // From nothing to 1 is no increase for Prometheus, from 0 it is.
      for (const labels of machineSets.flatMap(each)) count.inc(labels, 0);
      served = present;
    },
  };
}
