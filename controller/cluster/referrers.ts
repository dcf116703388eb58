// The referrers: the lists of the cluster in which templates are named, as they are watched and as they are now.
import type { Referrers } from "../decide/template-reference.ts";
import type { ClusterState } from "./cluster-state.ts";
import type { ReadList } from "./collection.ts";
import type { MachineObject } from "./machine-objects.ts";

export interface SeenReferrers extends Referrers {
  machines: MachineObject[];
  /** What could not be read, each with why: then there may be more names than these. */
  unread: string[];
}

/** As they are watched: asks nobody. */
export function watchedReferrers(state: ClusterState): SeenReferrers {
  const { machineSets, machines, controlPlaneMachineSets, infrastructures } = state;
  const seen = referrersIn({
    MachineSet: { ...machineSets, served: true },
    Machine: { ...machines, served: true },
    ControlPlaneMachineSet: { ...controlPlaneMachineSets, served: true },
    Infrastructure: { ...infrastructures, served: true },
  });
  if (controlPlaneMachineSets.synced()) return seen;
  const never =
    "no ControlPlaneMachineSet could be listed (the log says why; are the manifests of this version applied?)";
  return { ...seen, unread: [...seen.unread, never] };
}

/** As the API server has them now. Throws KubeError. */
export async function presentReferrers(state: ClusterState): Promise<SeenReferrers> {
  const [machineSets, machines, controlPlaneMachineSets, infrastructures] = await Promise.all([
    state.machineSets.readAll(),
    state.machines.readAll(),
    state.controlPlaneMachineSets.readAll(),
    state.infrastructures.readAll(),
  ]);
  return referrersIn({
    MachineSet: machineSets,
    Machine: machines,
    // A cluster may have none, and not even the kind.
    ControlPlaneMachineSet: { ...controlPlaneMachineSets, served: true },
    Infrastructure: infrastructures,
  });
}

type Read<Key extends keyof ClusterState> = ClusterState[Key] extends { readAll: () => Promise<infer List> }
  ? List
  : never;

interface Lists {
  MachineSet: Read<"machineSets">;
  Machine: Read<"machines">;
  ControlPlaneMachineSet: Read<"controlPlaneMachineSets">;
  Infrastructure: Read<"infrastructures">;
}

function referrersIn(lists: Lists): SeenReferrers {
  const infrastructure = lists.Infrastructure.items.get("cluster");
  const unread = Object.entries(lists).flatMap(([kind, list]) => unreadIn(kind, list));
  return {
    machineSets: [...lists.MachineSet.items.values()],
    machines: [...lists.Machine.items.values()],
    controlPlaneMachineSets: [...lists.ControlPlaneMachineSet.items.values()],
    failureDomains: infrastructure?.failureDomains ?? [],
    unread: infrastructure === undefined ? [...unread, "Infrastructure/cluster is missing"] : unread,
  };
}

function unreadIn(kind: string, { unreadable, served }: Pick<ReadList<unknown>, "unreadable" | "served">): string[] {
  const odd = [...unreadable].map(([name, why]) => `${kind} ${name} cannot be read (${why})`);
  return served ? odd : [`the API server does not know the kind ${kind}`];
}
