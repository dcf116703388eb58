// The alarms: what is wrong at present, each at the object where a person looks for it.
import type { Reason } from "../../common/reasons.ts";
import type { BootImageTarget } from "./boot-image.ts";
import type { Decision } from "./decision.ts";
import type { MachineSetState } from "./machine-set-state.ts";

export interface Alarm {
  kind: "BootImagePolicy" | "MachineSet" | "Machine";
  name: string;
  reason: Reason;
  message: string;
  /** What tells it from others of the same reason at the same object: a vCenter, or a path in it. */
  of?: string;
}

export interface AlarmsInput {
  target: Decision<BootImageTarget>;
  machineSets: readonly MachineSetState[];
  vcenters: readonly { server: string; failure: { reason: Reason; message: string } | null }[];
  /** null: the brake is not on. */
  halted: { message: string } | null;
  /** Templates under names of ours with another release's content. */
  replaced: readonly { server: string; path: string; message: string }[];
}

/** A failure of the whole is an alarm of the policy, and not repeated at each MachineSet that suffers from it. */
export function alarms({ target, machineSets, vcenters, halted, replaced }: AlarmsInput): Alarm[] {
  const policy = ({ reason, message }: { reason: Reason; message: string }, of?: string): Alarm => ({
    kind: "BootImagePolicy",
    name: "cluster",
    reason,
    message,
    ...(of === undefined ? {} : { of }),
  });
  const general = [
    ...(target.ok || target.reason === "ClusterUpdating" ? [] : [policy(target)]),
    ...vcenters.flatMap(({ server, failure }) => (failure === null ? [] : [policy(failure, server)])),
    ...(halted === null ? [] : [policy({ reason: "Halted", message: halted.message })]),
    ...replaced.map(({ server, path, message }) => policy({ reason: "ContentReplaced", message }, `${server}${path}`)),
  ];
  const told = new Set(general.map(({ message }) => message));
  const own = machineSets.flatMap(({ name, state, reason, message }): Alarm[] =>
    (state === "Failed" || state === "Contested") && !told.has(message)
      ? [{ kind: "MachineSet", name, reason, message }]
      : [],
  );
  return [...general, ...own];
}
