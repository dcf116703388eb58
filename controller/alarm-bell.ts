// The alarm bell: a Warning Event, a log line and a metric for each thing that goes wrong, once per change.
import type { Involved, Tell } from "./cluster/event.ts";
import type { MachineSetObject } from "./cluster/machine-objects.ts";
import type { Policy } from "./cluster/policy-object.ts";
import type { Alarm } from "./decide/alarms.ts";
import type { Metrics } from "./metrics.ts";

interface Neighbourhood {
  policy: Policy | undefined;
  machineSets: readonly MachineSetObject[];
}

export type RaiseAlarms = (present: readonly Alarm[], where: Neighbourhood) => Promise<void>;

/** An alarm that is there already is not told again; one that went and comes back is. */
export function createAlarmBell({ tell, metrics }: { tell: Tell; metrics: Metrics }): RaiseAlarms {
  let last = new Set<string>();
  return async (present, where) => {
    const before = last;
    last = new Set(present.map(keyOf));
    metrics.failures(present);
    for (const alarm of present) {
      const involved = involvedIn(alarm, where);
      if (before.has(keyOf(alarm)) || involved === undefined) continue;
      await tell(involved, { type: "Warning", reason: alarm.reason, message: alarm.message });
    }
  };
}

function keyOf({ kind, name, reason }: Alarm): string {
  return `${kind}/${name}/${reason}`;
}

function involvedIn({ kind, name }: Alarm, { policy, machineSets }: Neighbourhood): Involved | undefined {
  if (kind === "BootImagePolicy")
    return policy && { apiVersion: "bootwarden.io/v1alpha1", kind, name: policy.name, uid: policy.uid };
  const machineSet = machineSets.find((one) => one.name === name);
  if (machineSet === undefined) return undefined;
  const { namespace, uid } = machineSet;
  return { apiVersion: "machine.openshift.io/v1beta1", kind, name, namespace, uid };
}
