// The alarms: what is wrong at present, each at the object where a person looks for it.
import type { Reason } from "../../common/reasons.ts";
import type { BootImageTarget } from "./boot-image.ts";
import type { Decision } from "./decision.ts";
import type { MachineSetState } from "./machine-set-state.ts";

export interface Alarm {
  kind: "BootImagePolicy" | "MachineSet";
  name: string;
  reason: Reason;
  message: string;
}

export interface AlarmsInput {
  target: Decision<BootImageTarget>;
  machineSets: readonly MachineSetState[];
  vcenters: readonly { server: string; failure: { reason: Reason; message: string } | null }[];
}

/** A failure of the whole is an alarm of the policy, and not repeated at each MachineSet that suffers from it. */
export function alarms({ target, machineSets, vcenters }: AlarmsInput): Alarm[] {
  const policy = (failure: { reason: Reason; message: string }): Alarm => ({
    kind: "BootImagePolicy",
    name: "cluster",
    reason: failure.reason,
    message: failure.message,
  });
  const general = [
    ...(target.ok || target.reason === "ClusterUpdating" ? [] : [policy(target)]),
    ...vcenters.flatMap(({ failure }) => (failure === null ? [] : [policy(failure)])),
  ];
  const told = new Set(general.map(({ message }) => message));
  const own = machineSets.flatMap(({ name, state, reason, message }): Alarm[] =>
    state === "Failed" && !told.has(message) ? [{ kind: "MachineSet", name, reason, message }] : [],
  );
  return [...general, ...own];
}
