// The alarm bell: a Warning Event, a log line and a metric for each thing that goes wrong, once per change.
import type { Tell } from "./cluster/event.ts";
import { aboutMachine, aboutMachineSet, aboutPolicy, type Involved } from "./cluster/involved.ts";
import type { MachineObject, MachineSetObject } from "./cluster/machine-objects.ts";
import type { Policy } from "./cluster/policy-object.ts";
import type { Alarm } from "./decide/alarms.ts";
import type { Metrics } from "./metrics.ts";

interface Neighbourhood {
  policy: Policy | undefined;
  machines: readonly MachineObject[];
  machineSets: readonly MachineSetObject[];
}

export type RaiseAlarms = (present: readonly Alarm[], where: Neighbourhood) => Promise<void>;

/** An alarm that is there already is not told again; one that went and comes back is. */
export function createAlarmBell({ tell, metrics }: { tell: Tell; metrics: Metrics }): RaiseAlarms {
  let told = new Set<string>();
  return async (present, where) => {
    metrics.failures(present);
    const known = new Set(present.map(keyOf));
    told = new Set([...told].filter((key) => known.has(key)));
    for (const alarm of present) {
      const involved = involvedIn(alarm, where);
      if (told.has(keyOf(alarm)) || involved === undefined) continue;
      told.add(keyOf(alarm));
      await tell(involved, { type: "Warning", reason: alarm.reason, message: alarm.message });
    }
  };
}

function keyOf({ kind, name, reason, of }: Alarm): string {
  return JSON.stringify([kind, name, reason, of]);
}

function involvedIn(
  { kind, name }: Pick<Alarm, "kind" | "name">,
  { policy, machines, machineSets }: Neighbourhood,
): Involved | undefined {
  if (kind === "BootImagePolicy") return policy && aboutPolicy(policy);
  if (kind === "Machine") {
    const machine = machines.find((one) => one.name === name);
    return machine && aboutMachine(machine);
  }
  const machineSet = machineSets.find((one) => one.name === name);
  // One that cannot be read is told at the policy.
  if (machineSet === undefined) return policy && aboutPolicy(policy);
  return aboutMachineSet(machineSet);
}
