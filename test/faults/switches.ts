// The switches: by which an admin takes the MachineSets out of bootwarden's hands, and gives them back.
import { z } from "zod";
import { until } from "../lab/until.ts";
import type { CrashRoom } from "./crash-room.ts";

export interface Switch {
  off: (room: CrashRoom) => Promise<void>;
  on: (room: CrashRoom) => Promise<void>;
  /** What the policy's status then says of each MachineSet. */
  said: string;
}

const policy = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
const machineConfiguration = "/apis/operator.openshift.io/v1/machineconfigurations/cluster/status";

async function setPolicy({ lab }: CrashRoom, spec: object): Promise<void> {
  await lab.api.merge(policy, { spec });
}

/** There is no Machine Config Operator in the lab: what its operator writes when an admin has edited the spec is written here. */
async function enrol({ lab }: CrashRoom, mode: "All" | "None"): Promise<void> {
  const machineManagers = [{ resource: "machinesets", apiGroup: "machine.openshift.io", selection: { mode } }];
  await lab.api.merge(machineConfiguration, { status: { managedBootImagesStatus: { machineManagers } } });
}

export const switches: Record<string, Switch> = {
  "the mode": {
    off: (room) => setPolicy(room, { mode: "Observe" }),
    on: (room) => setPolicy(room, { mode: "Manage" }),
    said: "Bootwarden ObserveMode",
  },
  "the selection": {
    // MachineConfiguration enrols none.
    off: (room) => setPolicy(room, { selection: { mode: "FollowMachineConfiguration" } }),
    on: (room) => setPolicy(room, { selection: { mode: "All" } }),
    said: "Nobody NotSelected",
  },
  "the enrolment": {
    off: (room) => enrol(room, "All"),
    on: (room) => enrol(room, "None"),
    said: "MCO ManagedByMCO",
  },
};

/** Makes the lab's cluster one whose Machine Config Operator can manage vSphere boot images. */
export async function enableManagers({ lab }: CrashRoom): Promise<void> {
  const gates = [{ version: lab.installation.version, enabled: [{ name: "ManagedBootImagesvSphere" }], disabled: [] }];
  const path = "/apis/config.openshift.io/v1/featuregates/cluster/status";
  await lab.api.merge(path, { status: { featureGates: gates } });
}

const Status = z.object({
  status: z.object({
    machineSets: z.array(z.object({ name: z.string(), managedBy: z.string(), managedByReason: z.string() })),
  }),
});

/** Waits until the policy's status says so of every MachineSet. */
export async function untilSaid({ lab, signal }: CrashRoom, said: string): Promise<void> {
  await until({ signal, what: `${said} of every MachineSet`, within: 30_000 }, async () => {
    const { machineSets } = Status.parse(await lab.api.get(policy)).status;
    const all = machineSets.map(({ managedBy, managedByReason }) => `${managedBy} ${managedByReason}`);
    if (all.length > 0 && all.every((one) => one === said)) return true;
    throw new Error(all.join());
  });
}
